/*
  The identifier of a message, made here so that a text sent twice is one message: 48 bits of milliseconds since 1970, then
  80 random bits, written with 26 signs of Crockford's alphabet in lower case. It is the text that domain.ID reads.
*/
const signs = "0123456789abcdefghjkmnpqrstvwxyz";

// identify is pure: milliseconds and ten random bytes in, the identifier out.
const identify = (ms, random) => {
  const bytes = new Uint8Array(16);
  for (let i = 5, rest = ms; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  bytes.set(random, 6);
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += signs[(value >> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return text + signs[(value << (5 - bits)) & 31];
};

pult.share("message-id", {
  identify,
  make: (ms) => identify(ms, crypto.getRandomValues(new Uint8Array(10))),
});
