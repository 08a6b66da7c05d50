"use strict";
(() => {
  const body = document.querySelector("tbody");
  const heads = [...document.querySelectorAll("th[data-sort]")];
  const order = (head, descending) => {
    const column = [...head.parentNode.children].indexOf(head);
    const numeric = head.dataset.sort === "number";
    const key = (row) => row.children[column].dataset.key ?? row.children[column].textContent.trim();
    const rows = [...body.children].sort((one, other) => {
      const by = numeric ? Number(key(one)) - Number(key(other)) : key(one).localeCompare(key(other), "en", { numeric: true });
      return descending ? -by : by;
    });
    body.append(...rows);
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  };
  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.append(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      order(head, now ? now === "ascending" : head.dataset.sort === "number");
    });
  }
})();
