/* The menu of downloads offers a notebook's source as well. */
"use strict";

(() => {
  const link = document.querySelector('.dropdown-download-buttons a[href*="_sources/notebooks/"]');
  if (!link) return;
  const item = link.closest("li").cloneNode(true);
  const source = item.querySelector("a");
  source.href = link.getAttribute("href").replace("_sources/", "_static/").replace(/\.ipynb$/, ".py");
  source.title = "Download the text form of the notebook";
  const text = item.querySelector(".btn__text-container");
  if (text) text.textContent = ".py";
  link.closest("li").after(item);
})();
