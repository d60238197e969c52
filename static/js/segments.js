/*
  How a text message is cut into the parts that are charged for. The alphabet is that of 3GPP TS 23.038; what must come out for
  it is in testdata/segments.json.
*/
const basic = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const extension = new Set("\f^{}\\[~]|€");

// count is pure: parts, places used and places there are, and whether a letter outside the alphabet makes it UCS-2.
const count = (text) => {
  const letters = [...text];
  const unicode = letters.some((c) => !basic.has(c) && !extension.has(c));
  const widths = letters.map((c) => (unicode ? c.length : basic.has(c) ? 1 : 2));
  const [alone, part] = unicode ? [70, 67] : [160, 153];
  const total = widths.reduce((sum, w) => sum + w, 0);
  if (total === 0) return { segments: 0, used: 0, room: alone, unicode: false };
  if (total <= alone) return { segments: 1, used: total, room: alone, unicode };
  let [segments, used] = [1, 0];
  for (const w of widths) {
    if (used + w > part) [segments, used] = [segments + 1, 0];
    used += w;
  }
  return { segments, used: (segments - 1) * part + used, room: segments * part, unicode };
};

pult.share("segments", { count });
