package handlers

import (
	"bytes"
	"testing"

	"pult/domain"
)

func TestBundles_SwitchedModuleShowsAndHidesItsEntries(t *testing.T) {
	d := busy(t)
	b, e := bundlesOf(d), domain.Event{Seq: 1000, Kind: domain.EventModuleChanged}
	for _, c := range []struct {
		on          bool
		has, hasNot []string
	}{
		{false, []string{`hx-target="#rail-chats"`}, []string{`href="/chats"`}},
		{true, []string{`hx-target="#rail-chats"`, `href="/chats"`, `href="/search"`}, nil},
	} {
		if err := d.SwitchChats(t.Context(), d.Eva, c.on); err != nil {
			t.Fatal(err)
		}
		r := page(d.Jana, "")
		r.seen = d.Seq(t.Context())
		for _, r.page = range []string{pageOther, pageChats, pageConversation} {
			var out bytes.Buffer
			if err := b.event(t.Context(), r, e, &out); err != nil {
				t.Fatal(err)
			}
			contains(t, out.String(), c.has, c.hasNot)
			numbers, waiting, err := b.counts(t.Context(), r)
			if err != nil || (waiting > 0) != c.on || bytes.Contains(numbers, []byte(`class="tab-link" href="/chats"`)) != c.on {
				t.Errorf("%s, on %v: %d wait, %v, and the tabs are\n%s", r.page, c.on, waiting, err, numbers)
			}
		}
	}
}
