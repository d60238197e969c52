package store

import (
	"bytes"
	"encoding/hex"
	"pult/domain"
	"strings"
	"testing"
	"time"
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
		straight := bytes.Compare(uint64Part(m), uint64Part(n))
		if got := bytes.Compare(invertBytes(uint64Part(m)), invertBytes(uint64Part(n))); got != -straight {
			t.Errorf("inverted %d and %d: got %d", m, n, got)
		}
		if long := clipText(a + b); len(long) > 200 {
			t.Errorf("clip: got %d bytes", len(long))
		}
	})
}

// One key of each kind, in the order in which a walk through the store meets them: a change of the form of keys shows
// here.
func TestKeys_KeepTheirForm(t *testing.T) {
	id := domain.ID{1}
	keys := conversationKeys(&domain.Conversation{
		ID: id, Number: 5, ChannelID: domain.ID{2}, Assignee: domain.ID{3}, Name: "Žofie", Status: domain.StatusNew,
		ActiveAt: time.UnixMilli(1), WaitingSince: time.UnixMilli(2),
	}, &domain.Channel{})
	zeros := strings.Repeat("00", 15)
	newest := "fffffffffffffffe"
	want := []string{
		"va/" + "02" + zeros + newest + "01" + zeros,
		"vs/" + "02" + zeros + hex.EncodeToString([]byte("new")) + "00" + newest + "01" + zeros,
		"vb/" + "02" + zeros + "fffffffffffffffa" + "01" + zeros,
		"vp/" + "02" + zeros + hex.EncodeToString([]byte("zofie")) + "00" + "01" + zeros,
		"vo/" + "03" + zeros + newest + "01" + zeros,
		"vw/" + "02" + zeros + "0000000000000002" + "01" + zeros,
	}
	for i, k := range keys[:len(want)] {
		if got := string(k[:3]) + hex.EncodeToString(k[3:]); got != want[i] {
			t.Errorf("got  %s\nwant %s", got, want[i])
		}
	}
}

func TestTailID_ReadsWhatAKeyEndsWith(t *testing.T) {
	id := domain.ID{1, 2, 3, 15: 4}
	if got := tailID(makeKey("va/", id[:], timePart(time.UnixMilli(5)), id[:])); got != id {
		t.Errorf("got %v", got)
	}
	if got := invertID(invertBytes(id[:])); got != id {
		t.Errorf("inverted twice: got %v", got)
	}
	moment := time.Date(2026, 11, 20, 12, 0, 0, 1_000_000, time.UTC)
	if got := tailTime(timePart(moment)); !got.Equal(moment) {
		t.Errorf("got %v, want %v", got, moment)
	}
	if got := timePart(time.Time{}); string(got) != strings.Repeat("\x00", 8) {
		t.Errorf("the time before 1970: got %x, want the lowest key", got)
	}
}

func TestClipText_LongTextsStayApartAndShortOnesAsTheyAre(t *testing.T) {
	long := strings.Repeat("ž", 300)
	if got := clipText("short"); got != "short" {
		t.Errorf("got %q", got)
	}
	if a, b := clipText(long+"a"), clipText(long+"b"); a == b || len(a) > 200 || a[:100] != b[:100] {
		t.Errorf("got %q and %q", a, b)
	}
}
