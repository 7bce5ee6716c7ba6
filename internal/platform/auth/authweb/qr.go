package authweb

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// picture is a QR code as the shape of an SVG: the side in modules, with the
// quiet zone of four that ISO/IEC 18004 asks for, and one path for all the dark
// ones.
type picture struct {
	Side int
	Path string
}

const quiet = 4

func (p picture) viewBox() string { return fmt.Sprintf("0 0 %d %d", p.Side, p.Side) }

// drawn makes the picture here on the server: nothing about the secret goes
// anywhere else.
func drawn(text string) (picture, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return picture{}, fmt.Errorf("drawing a code: %w", err)
	}
	size := code.Bounds().Dx()
	var b strings.Builder
	for y := range size {
		for x := 0; x < size; {
			run := 0
			for x+run < size && color.GrayModel.Convert(code.At(x+run, y)).(color.Gray).Y < 128 { //nolint:forcetypeassert // what the model makes
				run++
			}
			if run > 0 {
				b.WriteString("M" + strconv.Itoa(x+quiet) + " " + strconv.Itoa(y+quiet) + "h" + strconv.Itoa(run) + "v1h-" + strconv.Itoa(run) + "z")
			}
			x += max(run, 1)
		}
	}
	return picture{Side: size + 2*quiet, Path: b.String()}, nil
}

// spaced is a secret in groups of four, to be read and typed.
func spaced(secret string) string {
	var groups []string
	for len(secret) > 4 {
		groups, secret = append(groups, secret[:4]), secret[4:]
	}
	return strings.Join(append(groups, secret), " ")
}
