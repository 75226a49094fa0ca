// Tables sort by a column: figures by the first in a cell, words by the alphabet, blanks last.
for (const table of document.querySelectorAll("table")) {
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const down = header.getAttribute("aria-sort") === "ascending";
      headers.forEach((each) => each.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(table.tBodies[0], place, header.classList.contains("figure"), down ? -1 : 1);
    });
  });
}

function sort(body, place, figures, direction) {
  const key = (row) => {
    const text = row.cells[place].textContent.trim();
    return figures ? parseFloat(text.replace("<", "")) : text;
  };
  const blank = (value) => value === "" || Number.isNaN(value);
  const keyed = [...body.rows].map((row) => [key(row), row]);
  keyed.sort(([a], [b]) => {
    if (blank(a) || blank(b)) return blank(a) - blank(b);
    return direction * (figures ? a - b : a.localeCompare(b, undefined, { numeric: true }));
  });
  body.append(...keyed.map(([, row]) => row));
}

// on paper everything is open
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => (each.open = true)));
