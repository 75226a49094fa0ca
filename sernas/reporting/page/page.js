// Tables sort by a column: figures by the first one in a cell, words by the alphabet, blanks last.
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
      sort(table.tBodies[0], place, down ? -1 : 1);
    });
  });
}

function sort(body, place, direction) {
  const rows = [...body.rows].map((row) => ({ row, text: row.cells[place].textContent.trim() }));
  for (const each of rows) each.figure = parseFloat(each.text.replace("<", ""));
  const figures = rows.every(({ text, figure }) => !text || !Number.isNaN(figure));
  rows.sort((a, b) => {
    if (!a.text || !b.text) return !a.text - !b.text;
    return direction * (figures ? a.figure - b.figure : a.text.localeCompare(b.text, undefined, { numeric: true }));
  });
  body.append(...rows.map(({ row }) => row));
}

// on paper everything is open
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => (each.open = true)));
