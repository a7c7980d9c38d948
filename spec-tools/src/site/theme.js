// Dark or light: as the system has it, until somebody chooses. Runs before anything is painted.
(() => {
  const KEY = "ontap-ipsec-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  // A browser may keep no storage for files, or refuse it: then the choice lasts as long as the page.
  const remembered = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const remember = (theme) => {
    try { localStorage.setItem(KEY, theme); } catch { /* nothing to be done */ }
  };
  let chosen = ["dark", "light"].find((theme) => theme === remembered());
  const theme = () => chosen ?? (system.matches ? "dark" : "light");
  const show = () => {
    if (chosen) document.documentElement.dataset.theme = chosen;
    const button = document.getElementById("theme");
    if (button) {
      button.textContent = theme() === "dark" ? "Light" : "Dark";
      button.setAttribute("aria-label", theme() === "dark" ? "Use light colours" : "Use dark colours");
      button.hidden = false;
    }
    document.dispatchEvent(new CustomEvent("theme", { detail: theme() }));
  };
  show();
  system.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", () => {
    show();
    document.getElementById("theme").addEventListener("click", () => {
      chosen = theme() === "dark" ? "light" : "dark";
      remember(chosen);
      show();
    });
  });
})();
