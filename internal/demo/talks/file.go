package talks

import (
	"pult/domain"
	"pult/providers/simulator/world"
)

// File is a file of the sample data.
type File struct {
	Kind domain.MessageKind
	Name string
	MIME string
	Make func() []byte
}

// voiceNote is a recording of two seconds.
var voiceNote = File{domain.KindVoice, "voice.ogg", "audio/ogg", func() []byte { return world.SampleVoice().Data }}

// cupSticker is a cup that smiles.
var cupSticker = File{
	domain.KindSticker,
	"sticker.webp",
	"image/webp",
	func() []byte { return world.SampleSticker().Data },
}

// pdfFile is a one-page document under a name.
func pdfFile(name string) File {
	return File{domain.KindDocument, name, "application/pdf", func() []byte { return world.SampleDocument().Data }}
}
