package drivertest

import (
	"bytes"
	"context"
	"io"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

func testFetch(t *testing.T, h Harness) {
	f, ok := h.Driver().(carrier.MediaFetcher)
	if !ok {
		t.Skip("the vendor keeps no files")
	}
	// for a channel that only receives files
	rule := carrier.FileRule{Kind: domain.KindImage, MIME: []string{"image/jpeg"}}
	if files := h.Driver().Capabilities().Files; len(files) > 0 {
		rule = files[0]
	}
	want := sampleFile(rule, rule.MIME[0])
	m := sayOne(t, h, want)
	got, err := f.Fetch(context.Background(), m.Attachments[0].VendorID)
	if err != nil {
		t.Fatalf("fetch: %v", err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil || !bytes.Equal(raw, want.Data) || got.MIME != want.MIME ||
		(got.Size >= 0 && got.Size != int64(len(raw))) {
		t.Errorf(
			"got %d bytes of %s, size %d, %v; want %d of %s",
			len(raw),
			got.MIME,
			got.Size,
			err,
			len(want.Data),
			want.MIME,
		)
	}
}

func testFetchUnknown(t *testing.T, h Harness) {
	f, ok := h.Driver().(carrier.MediaFetcher)
	if !ok {
		t.Skip("the vendor keeps no files")
	}
	_, err := f.Fetch(context.Background(), "1234567890")
	checkClass(t, h, "unknown file", err, carrier.Permanent)
}

// testExtract takes the files of a letter out of the delivery.
func testExtract(t *testing.T, h Harness) {
	x, ok := h.Driver().(carrier.Extractor)
	if !ok {
		t.Skip("deliveries hold no files")
	}
	want := sampleFile(h.Driver().Capabilities().Files[0], "application/pdf")
	w := h.Say(t, want)[0]
	b := parseWebhook(t, h.Driver(), w)
	if len(b.Messages) != 1 || len(b.Messages[0].Attachments) != 1 || !b.Messages[0].Source {
		t.Fatalf("got %+v, want one message with one file that is kept whole", b.Messages)
	}
	got, err := x.Extract(bytes.NewReader(w.Body), b.Messages[0].Attachments[0].VendorID)
	if err != nil {
		t.Fatalf("extract: %v", err)
	}
	defer got.Body.Close()
	if raw, err := io.ReadAll(got.Body); err != nil || !bytes.Equal(raw, want.Data) || got.MIME != want.MIME {
		t.Errorf("got %d bytes of %s, %v; want %d of %s", len(raw), got.MIME, err, len(want.Data), want.MIME)
	}
	for _, bad := range []string{"", "9.9", "x"} {
		_, err := x.Extract(bytes.NewReader(w.Body), bad)
		checkClass(t, h, "no such file "+bad, err, carrier.Permanent)
	}
}
