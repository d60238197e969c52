package world_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"strings"
	"testing"

	"pult/providers/simulator/world"
)

func TestSamples_AreWhatTheySay(t *testing.T) {
	for _, f := range []world.File{world.SamplePhoto(), world.SampleScreenshot()} {
		if _, format, err := image.Decode(bytes.NewReader(f.Data)); err != nil || !strings.HasSuffix(f.MIME, format) {
			t.Errorf("%s: got %s, %v", f.Name, format, err)
		}
	}
	if d := world.SampleVoice().Data; !bytes.HasPrefix(d, []byte("OggS")) || !bytes.Contains(d[:64], []byte("OpusHead")) {
		t.Error("the voice message is no Ogg with Opus")
	}
	if d := world.SampleDocument().Data; !bytes.HasPrefix(d, []byte("%PDF-1.4")) || !bytes.HasSuffix(d, []byte("%%EOF\n")) {
		t.Error("the document is no PDF")
	}
}
