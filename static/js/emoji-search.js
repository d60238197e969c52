// The search among emoji, without a page: rows are [sign, group, name, search words] as in vendor/emoji/<language>.json.
const marks = /\p{M}/gu;

// fold takes case and accents away, so that "etoile" finds "étoile" and "usmev" finds "úsměv".
const fold = (text) => text.normalize("NFD").replace(marks, "").toLowerCase();

// read prepares the rows once: searching 1,900 entries then costs less than a frame.
const read = (rows) => rows.map(([sign, group, name, search]) => ({ sign, group, name, text: ` ${fold(name)} ${fold(search)}` }));

// find returns the entries in which every word of the query begins a word; entries whose name begins with it come first.
const find = (entries, query, most) => {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const hits = entries.filter((entry) => words.every((word) => entry.text.includes(` ${word}`)));
  const first = ` ${words[0] ?? ""}`;
  const inName = hits.filter((entry) => entry.text.startsWith(first));
  const others = hits.filter((entry) => !entry.text.startsWith(first));
  return [...inName, ...others].slice(0, most);
};

// remember puts a sign in front of those used lately.
const remember = (recent, sign, most) => [sign, ...recent.filter((other) => other !== sign)].slice(0, most);

pult.share("emoji-search", { read, find, remember });
