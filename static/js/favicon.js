/*
  The sign of the page in the browser's own bar, which the page brings along in its head (views, favicon): while somebody waits
  it carries a dot. The dot is drawn into it here, so that no second picture is loaded.
*/
const end = "%3C/svg%3E";
const dot = "%3Ccircle cx='25' cy='7' r='6' fill='%23e0574c' stroke='%23fff' stroke-width='2'/%3E";

// marked is pure: the address of a sign with or without the dot.
const marked = (address, wanted) => {
  const plain = address.replace(dot + end, end);
  return wanted ? plain.replace(end, dot + end) : plain;
};

// mark puts the dot on the sign of the page, or takes it off.
const mark = (wanted) => {
  const icon = document.querySelector("link[rel='icon']");
  const address = icon && marked(icon.getAttribute("href"), wanted);
  if (icon && icon.getAttribute("href") !== address) icon.setAttribute("href", address);
};

pult.share("favicon", { marked, mark });

mark(document.title.startsWith("(")); // where the page says how many wait
