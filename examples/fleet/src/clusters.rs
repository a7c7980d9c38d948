//! Which clusters there are.

use std::error::Error;

use ontap_ipsec::{Client, ClientBuilder};

/// A cluster, by a name for the table.
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) client: Client,
}

/// The clusters that the arguments ask for.
pub(crate) enum Given {
    /// Clusters with these URLs.
    Urls(Vec<String>),
    /// So many simulators.
    Simulators(usize),
}

/// Reads the arguments, and the files that they name. Without arguments, a demonstration has 50 simulators.
pub(crate) fn given(mut arguments: impl Iterator<Item = String>) -> Result<Given, Box<dyn Error>> {
    let mut urls = Vec::new();
    let mut simulators = None;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--file" => {
                let path = arguments.next().ok_or("`--file` needs the name of a file with a URL in each line")?;
                let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
                let before = urls.len();
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
                urls.extend(lines.map(str::to_owned));
                if urls.len() == before {
                    // Not the demonstration, which is not what was asked for.
                    return Err(format!("{path}: no URL is in it").into());
                }
            }
            "--simulators" => {
                let number = arguments.next().and_then(|number| number.parse().ok()).filter(|number| *number > 0);
                simulators = Some(number.ok_or("`--simulators` needs a number of simulators, such as 50")?);
            }
            option if option.starts_with('-') => {
                return Err(format!(
                    "`{option}` is not known; give URLs of clusters, `--file FILE` or `--simulators NUMBER`"
                )
                .into());
            }
            _ => urls.push(argument),
        }
    }
    match simulators {
        None if !urls.is_empty() => Ok(Given::Urls(urls)),
        Some(_) if !urls.is_empty() => Err("give either `--simulators` or clusters".into()),
        number => Ok(Given::Simulators(number.unwrap_or(50))),
    }
}

/// The clusters at these URLs, with what the environment says of all of them.
pub(crate) fn from_environment(urls: Vec<String>) -> Result<Vec<Cluster>, Box<dyn Error>> {
    let clusters = urls.into_iter().enumerate().map(|(index, url)| {
        // A URL may hold a password by mistake, so only its host is shown.
        let host = reqwest::Url::parse(&url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let name = host.unwrap_or_else(|| format!("cluster {}", index + 1));
        let client = ClientBuilder::from_env_for(url).and_then(ClientBuilder::build);
        client.map_err(|error| format!("{name}: {error}").into()).map(|client| Cluster { name, client })
    });
    clusters.collect()
}
