// Before the page is drawn: light or dark as the person chose, or as their machine is set.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const chosen = root.dataset.theme;
    const isDark = chosen === "dark" || (chosen !== "light" && dark.matches);
    root.dataset.bsTheme = isDark ? "dark" : "light";
  };
  show();
  dark.addEventListener("change", show);
  root.classList.add("has-script");
})();
