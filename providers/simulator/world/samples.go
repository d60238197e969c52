package world

import (
	"bytes"
	_ "embed"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
)

//go:embed media/voice.ogg
var voice []byte

// SampleVoice is a voice message of two seconds, Ogg with Opus.
func SampleVoice() File {
	return File{Name: "voice.ogg", MIME: "audio/ogg", Voice: true, Data: slices.Clone(voice)}
}

//go:embed media/sticker.webp
var sticker []byte

// SampleSticker is a drawn cup with a face, 256 by 256, WebP.
func SampleSticker() File {
	return File{Name: "sticker.webp", MIME: "image/webp", Data: slices.Clone(sticker)}
}

// SamplePhoto is a drawn picture of a sun over hills, 640 by 480, JPEG.
func SamplePhoto() File {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, drawLandscape(640, 480), &jpeg.Options{Quality: 82}); err != nil {
		panic(fmt.Sprintf("world: sample photo: %v", err)) // writing to memory cannot fail
	}
	return File{Name: "photo.jpg", MIME: "image/jpeg", Data: buf.Bytes()}
}

// SampleScreenshot is a small drawn picture, 160 by 120, PNG.
func SampleScreenshot() File {
	var buf bytes.Buffer
	if err := png.Encode(&buf, drawLandscape(160, 120)); err != nil {
		panic(fmt.Sprintf("world: sample screenshot: %v", err)) // writing to memory cannot fail
	}
	return File{Name: "screenshot.png", MIME: "image/png", Data: buf.Bytes()}
}

func drawLandscape(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, shadeAt(x, y, w, h))
		}
	}
	return img
}

// shadeAt is the colour of one dot: two hills in front of a sky with a sun.
func shadeAt(x, y, w, h int) color.RGBA {
	near := h*3/4 + (x-w/4)*(x-w/4)*h/(w*w)
	far := h/2 + (x-w*3/4)*(x-w*3/4)*h/(w*w)
	sunX, sunY, r := x-w*2/3, y-h/4, h/10
	switch {
	case y > near:
		return color.RGBA{58, 125, 68, 255}
	case y > far:
		return color.RGBA{112, 163, 92, 255}
	case sunX*sunX+sunY*sunY < r*r:
		return color.RGBA{255, 214, 92, 255}
	}
	return color.RGBA{uint8(120 + 100*y/h), uint8(180 + 50*y/h), 235, 255}
}

// SampleDocument is a one-page PDF.
func SampleDocument() File {
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		writeStream("BT /F 18 Tf 40 110 Td (Invoice 2026-07) Tj ET"),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return File{Name: "faktura 2026-07.pdf", MIME: "application/pdf", Data: b.Bytes()}
}

func writeStream(content string) string {
	return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content)
}
