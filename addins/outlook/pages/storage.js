// In a browser Office brings no storage of its own; the page's serves, shared by the pages of this origin below the same mail program.
// Classic Outlook, which has no page, never runs this file.
(() => {
  const runtime = (window.OfficeRuntime = window.OfficeRuntime || {});
  if (runtime.storage) return;
  runtime.storage = {
    getItem: async (key) => localStorage.getItem(key),
    setItem: async (key, value) => localStorage.setItem(key, value),
    removeItem: async (key) => localStorage.removeItem(key),
  };
})();
