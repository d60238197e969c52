package talks

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"

	"pult/domain"
)

// The pictures customers send, each drawn from a few shapes.
var (
	crackedPlate  = pictureFile("talir.jpg", drawPlate)
	dentedParcel  = pictureFile("colis.jpg", drawParcel)
	coffeeMachine = pictureFile("machine.jpg", drawMachine)
)

func pictureFile(name string, at func(x, y int) color.RGBA) File {
	return File{domain.KindImage, name, "image/jpeg", func() []byte { return drawPicture(at) }}
}

const pictureWidth, pictureHeight = 480, 360

func drawPicture(at func(x, y int) color.RGBA) []byte {
	img := image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))
	for y := range pictureHeight {
		for x := range pictureWidth {
			img.SetRGBA(x, y, at(x, y))
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
		panic(fmt.Sprintf("demo: picture: %v", err)) // writing to memory cannot fail
	}
	return b.Bytes()
}

// drawTable is the wood everything stands on.
func drawTable(x, y int) color.RGBA {
	grain := uint8((x/3 + y*7) % 23)
	return color.RGBA{176 - grain, 128 - grain, 84 - grain/2, 255}
}

// drawPlate is a white plate with a crack across its rim.
func drawPlate(x, y int) color.RGBA {
	dx, dy := x-240, y-180
	r := dx*dx + dy*dy
	crack := dx > 20 && abs(dy+dx/3-(x/9%3)*4) < 3
	switch {
	case r > 150*150:
		return drawTable(x, y)
	case crack:
		return color.RGBA{92, 84, 78, 255}
	case r > 142*142, r > 96*96 && r < 100*100:
		return color.RGBA{70, 110, 160, 255}
	case r > 100*100:
		return color.RGBA{246, 244, 238, 255}
	}
	return color.RGBA{232, 229, 221, 255}
}

// drawParcel is a cardboard box with a corner pushed in.
func drawParcel(x, y int) color.RGBA {
	dented := x > 330 && y < 130+(x-330)
	switch {
	case x < 90 || x > 390 || y < 90 || y > 300 || dented && y < 90+(x-330):
		return color.RGBA{120, 126, 132, 255}
	case dented:
		return color.RGBA{126, 88, 54, 255}
	case abs(x-240) < 22:
		return color.RGBA{222, 196, 140, 255}
	case y < 130:
		return color.RGBA{201, 158, 106, 255}
	}
	return color.RGBA{184, 138, 88, 255}
}

// drawMachine is a coffee machine with a cup under it and a red lamp.
func drawMachine(x, y int) color.RGBA {
	lamp := (x-300)*(x-300)+(y-95)*(y-95) < 81
	switch {
	case lamp:
		return color.RGBA{224, 60, 48, 255}
	case y > 310:
		return drawTable(x, y)
	case x > 130 && x < 350 && y > 60 && y < 140,
		x > 130 && x < 190 && y > 60 && y < 310,
		x > 130 && x < 350 && y > 280:
		return color.RGBA{52, 56, 62, 255}
	case abs(x-260) < 14 && y < 170 && y >= 140:
		return color.RGBA{150, 154, 160, 255}
	case x > 225 && x < 295 && y > 225 && y <= 280:
		return color.RGBA{250, 248, 244, 255}
	}
	return color.RGBA{208, 217, 214, 255}
}

func abs(n int) int { return max(n, -n) }
