package files_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/files"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestUpload_WhatTheChannelDoesNotTakeIsRefused(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	cases := []struct{ name, mime, content, want string }{
		{"x.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file_type"},
		{"x.png", "image/png", "<html><script>alert(1)</script>", "file_type"},
		{"big.png", "image/png", "\x89PNG\r\n\x1a\n" + strings.Repeat("p", 65<<10), "file_size"},
	}
	for _, tc := range cases {
		if _, err := d.Files.Upload(t.Context(), d.Jana, c.ID, tc.name, tc.mime, strings.NewReader(tc.content)); err == nil ||
			!strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
	if _, err := d.Files.Upload(t.Context(), d.Petr, d.Say(d.Private, desktest.Anna, "x").ID, "a.txt", "text/plain", strings.NewReader("text")); err != nil {
		t.Errorf("got %v, want a text file taken", err)
	}
}

// bigVendor takes larger files than the desk.
type bigVendor struct{ *desktest.Vendor }

func (v bigVendor) Capabilities() carrier.Capabilities {
	caps := v.Vendor.Capabilities()
	caps.Files = []carrier.FileRule{{Kind: domain.KindDocument, MIME: []string{"text/plain"}, MaxSize: 8 << 20}}
	return caps
}

// storedFiles is how many files are stored that no message names.
func storedFiles(d *desktest.Desk) (n int) {
	d.T.Helper()
	d.View(func(tx *store.Tx) error {
		ids, err := tx.UnclaimedFiles(100)
		n = len(ids)
		return err
	})
	return n
}

func TestTakeUpload_TheLowestOfAllLimitsCounts(t *testing.T) {
	d := desktest.New(t)
	d.Drivers = map[string]func(domain.Channel) (carrier.Driver, error){
		"big": func(domain.Channel) (carrier.Driver, error) { return bigVendor{d.Vendor}, nil },
	}
	big, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key:     "big",
		Kind:    domain.SMS,
		Driver:  "big",
		Name:    "Big",
		Enabled: true,
		Account: "700",
	})
	if err != nil {
		t.Fatal(err)
	}
	text := func(n int) files.Source {
		return files.Source{Name: "a.txt", MIME: "text/plain", Body: strings.NewReader(strings.Repeat("x", n))}
	}
	picture := func(n int) files.Source {
		return files.Source{
			Name: "a.png",
			MIME: "image/png",
			Body: io.MultiReader(strings.NewReader(pngHead), strings.NewReader(strings.Repeat("x", n-len(pngHead)))),
		}
	}
	bounded := func(n int, most int64) files.Source { s := text(n); s.Max = most; return s }
	for name, c := range map[string]struct {
		channel domain.Channel
		source  files.Source
		size    int64 // that is stored; 0 = it is refused
	}{
		"a channel that takes less than the desk": {d.Channel, text(900 << 10), 900 << 10},
		"a byte more":                              {d.Channel, text(900<<10 + 1), 0},
		"a type of which it takes less":            {d.Channel, picture(64 << 10), 64 << 10},
		"a byte more of that":                      {d.Channel, picture(64<<10 + 1), 0},
		"a channel that takes more than the desk":  {big, text(1 << 20), 1 << 20},
		"a byte more than the desk takes":          {big, text(1<<20 + 1), 0},
		"much more than anybody takes":             {big, text(20 << 20), 0},
		"a bound of one's own":                     {d.Channel, bounded(100, 100), 100},
		"a byte over one's own bound":              {d.Channel, bounded(101, 100), 0},
		"a bound of one's own above the channel's": {d.Channel, bounded(900<<10+1, 5<<20), 0},
		"a bound of one's own above the desk's":    {big, bounded(1<<20+1, 5<<20), 0},
		"a type that the channel does not know":    {big, picture(100), 0},
		"a type that is not what it is said to be": {big, files.Source{
			Name: "a.txt",
			MIME: "text/plain",
			Body: strings.NewReader(pngHead),
		}, 0},
		"a page under the name of a text": {d.Channel, files.Source{
			Name: "a.txt",
			MIME: "text/plain",
			Body: strings.NewReader("<html><script>"),
		}, 0},
		"one whose sender breaks off": {d.Channel, files.Source{
			Name: "a.txt",
			MIME: "text/plain",
			Body: io.MultiReader(strings.NewReader(strings.Repeat("x", 1000)), iotest.ErrReader(io.ErrUnexpectedEOF)),
		}, 0},
		"one that breaks off before its first bytes": {d.Channel, files.Source{
			Name: "a.txt",
			MIME: "text/plain",
			Body: iotest.ErrReader(io.ErrUnexpectedEOF),
		}, 0},
	} {
		line, err := d.Connections.Find(t.Context(), c.channel.ID)
		if err != nil {
			t.Fatal(err)
		}
		before := storedFiles(d)
		f := domain.File{Owner: d.Jana.ID}
		err = d.Files.TakeUpload(t.Context(), line, &f, c.source)
		switch {
		case c.size == 0 && domain.KindOf(err) != domain.Invalid:
			t.Errorf("%s: got %v, want it refused", name, err)
		case c.size == 0 && storedFiles(d) != before:
			t.Errorf("%s: refused, and something of it is stored", name)
		case c.size != 0 && (err != nil || f.Size != c.size || storedFiles(d) != before+1):
			t.Errorf("%s: got %d bytes, %v, want %d", name, f.Size, err, c.size)
		}
	}
}

func TestTakeUpload_NameIsMadeHarmless(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	for given, want := range map[string]string{"../../x.txt": "x.txt", "..": "file", "bill\u202etxt.exe": "billtxt.exe", "": "file"} {
		f, err := d.Files.Upload(t.Context(), d.Jana, c.ID, given, "text/plain", strings.NewReader("hello"))
		if err != nil || f.Name != want || f.MIME != "text/plain" || f.Owner != d.Jana.ID || f.ConversationID != c.ID {
			t.Errorf("%q: got %+v, %v, want %s", given, f, err, want)
		}
	}
}

func TestDropUpload_OnlyOnesOwnAndOnlyBeforeItIsSent(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	upload := func() domain.File {
		f, err := d.Files.Upload(t.Context(), d.Jana, c.ID, "a.txt", "text/plain", strings.NewReader("hello"))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	sent, kept, dropped := upload(), upload(), upload()
	reply := d.NewReply(c.ID, "")
	reply.Files = []domain.ID{sent.ID}
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, reply); err != nil {
		t.Fatal(err)
	}
	if err := d.Files.DropUpload(t.Context(), d.Petr, kept.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a colleague's: got %v, want not found", err)
	}
	for _, f := range []domain.File{sent, dropped} {
		if err := d.Files.DropUpload(t.Context(), d.Jana, f.ID); err != nil {
			t.Errorf("%s: %v", f.ID, err)
		}
	}
	for name, x := range map[string]struct {
		file domain.File
		want domain.ErrorKind
	}{"sent": {sent, ""}, "a colleague's": {kept, ""}, "dropped": {dropped, domain.NotFound}} {
		_, r, err := d.Files.Open(t.Context(), d.Jana, x.file.ID)
		if x.want == "" && err != nil || x.want != "" && domain.KindOf(err) != x.want {
			t.Errorf("%s: got %v, want %q", name, err, x.want)
		}
		if err == nil {
			r.Close()
		}
	}
}
