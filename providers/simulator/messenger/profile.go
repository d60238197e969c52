package messenger

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"

	"pult/providers/simulator/world"
)

// writeProfile is what the page may know of a person; nil when it may know nothing.
func writeProfile(s *world.State, n world.Number, c *world.Customer) map[string]any {
	if s.Faults(n.ID).NoProfile {
		return nil
	}
	firstName, lastName, _ := strings.Cut(c.Name, " ")
	psid := PSID(n.ID, c.ID)
	return map[string]any{
		"id": psid, "name": c.Name, "first_name": firstName, "last_name": lastName,
		"profile_pic": s.URL() + "/messenger/cdn/profile/" + psid + ".png",
	}
}

// pictureSize is the width and height of a profile's picture.
const pictureSize = 96

// getPicture draws a head and shoulders in a colour of the person's own.
func (s *Server) getPicture(w http.ResponseWriter, r *http.Request) {
	psid := strings.TrimSuffix(r.PathValue("name"), ".png")
	var tint byte
	for i := range len(psid) {
		tint = tint*31 + psid[i]
	}
	var buf bytes.Buffer
	portrait := drawPortrait(pictureSize, color.RGBA{90 + tint%120, 110, 200 - tint%100, 255})
	if err := png.Encode(&buf, portrait); err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	world.AnswerFile(w, world.File{MIME: "image/png", Data: buf.Bytes()})
}

func drawPortrait(size int, back color.RGBA) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	isWithin := func(x, y, cx, cy, r int) bool { return (x-cx)*(x-cx)+(y-cy)*(y-cy) < r*r }
	for y := range size {
		for x := range size {
			c := back
			if isWithin(x, y, size/2, size*2/5, size/5) || isWithin(x, y, size/2, size*21/20, size*2/5) {
				c = color.RGBA{245, 240, 235, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}
