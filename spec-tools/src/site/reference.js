// Has Scalar show the document that the page holds. All that would ask the network for something is turned off.
(() => {
  const content = JSON.parse(document.getElementById("document").textContent);
  const settings = {
    content,
    theme: "none",
    withDefaultFonts: false,
    telemetry: false,
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
    hideTestRequestButton: true,
    showDeveloperTools: "never",
    hideDarkModeToggle: true,
    documentDownloadType: "none",
    defaultOpenAllTags: true,
  };
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const forceDarkModeState = document.documentElement.dataset.theme ?? system;
  Scalar.createApiReference("#reference", { ...settings, forceDarkModeState });
  // A new setting would not change what is shown; Scalar's colours hang on these two classes.
  document.addEventListener("theme", ({ detail: theme }) => {
    document.body.classList.toggle("dark-mode", theme === "dark");
    document.body.classList.toggle("light-mode", theme === "light");
  });
})();
