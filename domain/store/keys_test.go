package store

import (
	"bytes"
	"testing"
)

// FuzzKeys proves that index keys keep the order of what they are made of: the whole product relies on it.
func FuzzKeys(f *testing.F) {
	f.Add("anna", "anna b", uint64(1), uint64(2))
	f.Add("", "a", uint64(255), uint64(256))
	f.Add("ž\x00a", "ž", uint64(0), ^uint64(0))
	f.Fuzz(func(t *testing.T, a, b string, m, n uint64) {
		ka, kb := makeKey("vp/", textPart(a), uint64Part(m)), makeKey("vp/", textPart(b), uint64Part(n))
		strip := func(s string) string { return string(bytes.ReplaceAll([]byte(s), []byte{0}, nil)) }
		want := bytes.Compare([]byte(strip(a)), []byte(strip(b)))
		if want == 0 {
			want = bytes.Compare(uint64Part(m), uint64Part(n))
		}
		if got := bytes.Compare(ka, kb); got != want {
			t.Errorf("%q %d and %q %d: got %d, want %d", a, m, b, n, got, want)
		}
		if got := bytes.Compare(invertBytes(uint64Part(m)), invertBytes(uint64Part(n))); got != -bytes.Compare(uint64Part(m), uint64Part(n)) {
			t.Errorf("inverted %d and %d: got %d", m, n, got)
		}
		if long := clipText(a + b); len(long) > 200 {
			t.Errorf("clip: got %d bytes", len(long))
		}
	})
}
