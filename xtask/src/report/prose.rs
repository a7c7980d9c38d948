//! What is said of the figures, in words that hold whatever they are.

/// What a benchmark is about; nothing of one that is not known here.
pub(crate) fn of_bench(bench: &str) -> &'static str {
    match bench {
        "build-cost" => {
            "What a crate pays for depending on this one: processor time of a build with nothing there yet, all downloads \
             done. The generated code is made by a build script; the second row is the same crate with that code in its \
             sources. A rebuild is what one waits for after a change."
        }
        "commands" => {
            "Processor time of the project's own tools, each run as a whole program; on this repository, and on the same \
             page and document several times over, where a command may take as many times as long and no longer. The \
             power is 1 where ten times as much takes ten times as long, and 2 where it takes a hundred times."
        }
        "compare" => {
            "The client against what one would use instead, with a server that has its answers ready, in a process and on \
             a core of its own."
        }
        "counts" => {
            "Instructions and allocations, which are the same in every run and on every day, so that a change of the code \
             shows that no clock would."
        }
        "load" => "The simulator with a great many policies, and with many clients at once.",
        _ => "",
    }
}
