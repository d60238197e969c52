package carrier_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// fileLimits are those of the channel in these tests: pictures of 10 bytes and sounds of 20, 25 bytes together.
var fileLimits = carrier.Capabilities{
	FilesTotal: 25,
	Files: []carrier.FileRule{
		{Kind: domain.KindImage, MIME: []string{"image/png", "image/jpeg"}, MaxSize: 10},
		{Kind: domain.KindAudio, MIME: []string{"audio/ogg"}, MaxSize: 20},
	},
}

func TestCheck_KindsNeedTheirCapability(t *testing.T) {
	for kind, declare := range map[domain.MessageKind]func(*carrier.Capabilities){
		domain.KindTemplate: func(c *carrier.Capabilities) { c.Templates = true },
		domain.KindReaction: func(c *carrier.Capabilities) { c.Reactions = true },
		domain.KindLocation: func(c *carrier.Capabilities) { c.Locations = true },
		domain.KindContacts: func(c *carrier.Capabilities) { c.Cards = true },
	} {
		var caps carrier.Capabilities
		wantRefusal(t, checkMessage(caps, carrier.Outgoing{Kind: kind}), "provider.unsupported")
		if declare(&caps); checkMessage(caps, carrier.Outgoing{Kind: kind}) != nil {
			t.Errorf("%s: refused although the channel declares it", kind)
		}
	}
}

func TestCheck_NothingIsWrittenToATelephone(t *testing.T) {
	caps := carrier.Capabilities{Calls: true, Templates: true, Reactions: true, Locations: true, Cards: true}
	for _, kind := range []domain.MessageKind{
		domain.KindText, domain.KindTemplate, domain.KindReaction, domain.KindLocation, domain.KindContacts,
	} {
		wantRefusal(t, checkMessage(caps, carrier.Outgoing{Kind: kind, Text: "x"}), "provider.unsupported")
	}
}

func TestCheck_LengthsCountCharacters(t *testing.T) {
	caps := fileLimits
	caps.TextLength, caps.CaptionLength = 4, 2
	picture := &carrier.OutgoingMedia{MIME: "image/png", Size: 1}
	for _, c := range []struct {
		name string
		m    carrier.Outgoing
		want string
	}{
		{"text at the limit", carrier.Outgoing{Kind: domain.KindText, Text: "ěšč😀"}, ""},
		{"text beyond", carrier.Outgoing{Kind: domain.KindText, Text: "ěščřž"}, "provider.too_long"},
		{"caption at the limit", carrier.Outgoing{Kind: domain.KindImage, Text: "😀ě", Media: picture}, ""},
		{"caption beyond", carrier.Outgoing{Kind: domain.KindImage, Text: "😀ěš", Media: picture}, "provider.too_long"},
		{"text of a template is not counted", carrier.Outgoing{Kind: domain.KindTemplate, Text: "five!"}, ""},
	} {
		caps.Templates = true
		wantKey(t, c.name, checkMessage(caps, c.m), c.want)
	}
	endless := carrier.Outgoing{Kind: domain.KindText, Text: strings.Repeat("x", 1e6)}
	if err := checkMessage(carrier.Capabilities{}, endless); err != nil {
		t.Errorf("no limit: got %v", err)
	}
}

func TestCheck_FilesByTypeAndSize(t *testing.T) {
	file := func(mime string, size int64) carrier.OutgoingMedia {
		return carrier.OutgoingMedia{MIME: mime, Size: size}
	}
	for _, c := range []struct {
		name  string
		files []carrier.OutgoingMedia
		want  string
	}{
		{"at the size", []carrier.OutgoingMedia{file("image/png", 10)}, ""},
		{"beyond the size", []carrier.OutgoingMedia{file("image/jpeg", 11)}, "provider.file_size"},
		{"each type has its own size", []carrier.OutgoingMedia{file("audio/ogg", 20)}, ""},
		{"of no type the channel takes", []carrier.OutgoingMedia{file("video/mp4", 1)}, "provider.file_type"},
		{"together at the total", []carrier.OutgoingMedia{file("image/png", 10), file("audio/ogg", 15)}, ""},
		{"beyond the total", []carrier.OutgoingMedia{file("image/png", 10), file("audio/ogg", 16)}, "provider.files_total"},
		{"one is wrong", []carrier.OutgoingMedia{file("image/png", 1), file("video/mp4", 1)}, "provider.file_type"},
		{"none", nil, ""},
	} {
		letter := carrier.Outgoing{Kind: domain.KindText, Text: "x", Files: c.files}
		wantKey(t, c.name, checkMessage(fileLimits, letter), c.want)
		if len(c.files) == 1 {
			m := carrier.Outgoing{Kind: domain.KindImage, Media: &c.files[0]}
			wantKey(t, c.name+", as the file of a message", checkMessage(fileLimits, m), c.want)
			conn := carrier.NewConnection(domain.Channel{}, &bareDriver{caps: fileLimits}, nil)
			wantKey(t, c.name+", by itself", conn.CheckFile(&c.files[0]), c.want)
		}
	}
	if err := carrier.NewConnection(domain.Channel{}, &bareDriver{}, nil).CheckFile(nil); err != nil {
		t.Errorf("no file: got %v", err)
	}
}

func TestSend_WhatIsRefusedNeverReachesTheDriver(t *testing.T) {
	sent := 0
	d := &bareDriver{caps: fileLimits}
	d.send = func(context.Context, carrier.Outgoing) (carrier.Receipt, error) {
		sent++
		return carrier.Receipt{}, nil
	}
	conn := carrier.NewConnection(domain.Channel{}, d, nil)
	large := &carrier.OutgoingMedia{MIME: "image/png", Size: 11}
	for _, m := range []carrier.Outgoing{{Kind: domain.KindReaction}, {Kind: domain.KindImage, Media: large}} {
		if _, err := conn.Send(t.Context(), m); err == nil {
			t.Errorf("%+v was sent", m)
		}
	}
	if sent != 0 {
		t.Errorf("%d messages reached the driver, want none", sent)
	}
}

func TestRuleFor_FirstThatFits(t *testing.T) {
	rest := carrier.FileRule{Kind: domain.KindDocument, MIME: []string{"*/*"}, MaxSize: 5}
	caps := carrier.Capabilities{Files: append(slices.Clone(fileLimits.Files), rest)}
	for mime, want := range map[string]domain.MessageKind{
		"image/jpeg": domain.KindImage, "audio/ogg": domain.KindAudio, "application/x-unheard-of": domain.KindDocument,
	} {
		if rule, ok := caps.RuleFor(mime); !ok || rule.Kind != want {
			t.Errorf("%s: got %s, %v, want %s", mime, rule.Kind, ok, want)
		}
	}
	if rule, ok := fileLimits.RuleFor("application/x-unheard-of"); ok {
		t.Errorf("got %+v, want no rule", rule)
	}
}

func checkMessage(caps carrier.Capabilities, m carrier.Outgoing) error {
	return carrier.NewConnection(domain.Channel{}, &bareDriver{caps: caps}, nil).Check(m)
}

// wantKey checks a refusal by its sentence; "" = nothing is refused.
func wantKey(t *testing.T, name string, err error, key string) {
	t.Helper()
	if key == "" {
		if err != nil {
			t.Errorf("%s: got %v, want no refusal", name, err)
		}
		return
	}
	t.Run(name, func(t *testing.T) { wantRefusal(t, err, key) })
}
