package files_test

import (
	"strings"
	"testing"

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
		if _, err := d.Files.Upload(t.Context(), d.Jana, c.ID, tc.name, tc.mime, strings.NewReader(tc.content)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
	if _, err := d.Files.Upload(t.Context(), d.Petr, d.Say(d.Private, desktest.Anna, "x").ID, "a.txt", "text/plain", strings.NewReader("text")); err != nil {
		t.Errorf("got %v, want a text file taken", err)
	}
}
