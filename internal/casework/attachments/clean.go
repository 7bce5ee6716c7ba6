package attachments

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what an attachment is, told from its content.
type Kind string

// The kinds that are taken.
const (
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
	Text Kind = "text"
	PDF  Kind = "pdf"
)

// Label is the kind in words for people.
func (k Kind) Label() string {
	switch k {
	case JPEG, PNG:
		return "Picture"
	case Text:
		return "Text"
	case PDF:
		return "PDF document"
	}
	return string(k)
}

// MediaType is what a browser is told.
func (k Kind) MediaType() string {
	switch k {
	case JPEG:
		return "image/jpeg"
	case PNG:
		return "image/png"
	case Text:
		return "text/plain; charset=utf-8"
	case PDF:
		return "application/pdf"
	}
	return "application/octet-stream"
}

// Extension is the end of the neutral name that it is saved under.
func (k Kind) Extension() string {
	switch k {
	case JPEG:
		return ".jpg"
	case PNG:
		return ".png"
	case Text:
		return ".txt"
	case PDF:
		return ".pdf"
	}
	return ".bin"
}

// InPlace tells whether it is shown on a page. A PDF is not: what opens it
// runs what is in it.
func (k Kind) InPlace() bool { return k == JPEG || k == PNG || k == Text }

// SizeMax bounds what is taken.
const SizeMax = 10 << 20

// pixelsMax bounds a picture when it is unpacked: some 100 megabytes.
const pixelsMax = 25_000_000

// What is wrong with something that is not taken.
var (
	ErrEmpty    = errors.New("there is nothing in it")
	ErrTooLarge = errors.New("it is larger than 10 megabytes")
	ErrKind     = errors.New("only JPEG and PNG pictures, PDF and plain text are taken")
	ErrBroken   = errors.New("it cannot be read as what it seems to be")
	ErrPixels   = errors.New("the picture has too many points; make it smaller")
	ErrActive   = errors.New("the PDF carries scripts, files or actions; print it to a new PDF first")
)

// Clean tells what something is and writes it anew without what is hidden in
// it. cleaned is false for what is kept as it is.
func Clean(raw []byte) (kind Kind, out []byte, cleaned bool, err error) {
	switch {
	case len(raw) == 0:
		return "", nil, false, ErrEmpty
	case len(raw) > SizeMax:
		return "", nil, false, ErrTooLarge
	case bytes.HasPrefix(raw, []byte("\xff\xd8\xff")):
		out, err = cleanJPEG(raw)
		return JPEG, out, true, err
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		out, err = cleanPNG(raw)
		return PNG, out, true, err
	case bytes.HasPrefix(raw, []byte("%PDF-")):
		return PDF, raw, false, checkPDF(raw)
	}
	text, ok := cleanText(raw)
	if !ok {
		return "", nil, false, ErrKind
	}
	return Text, text, true, nil
}

func fits(cfg image.Config, err error) error {
	switch {
	case err != nil || cfg.Width <= 0 || cfg.Height <= 0:
		return ErrBroken
	case cfg.Width > pixelsMax/cfg.Height:
		return ErrPixels
	}
	return nil
}

const jpegQuality = 90

func cleanJPEG(raw []byte) ([]byte, error) {
	if err := fits(jpeg.DecodeConfig(bytes.NewReader(raw))); err != nil {
		return nil, err
	}
	img, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, ErrBroken
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, upright(img, orientation(raw)), &jpeg.Options{Quality: jpegQuality}); err != nil {
		return nil, ErrBroken
	}
	if b.Len() > SizeMax {
		return nil, ErrTooLarge
	}
	return b.Bytes(), nil
}

func cleanPNG(raw []byte) ([]byte, error) {
	if err := fits(png.DecodeConfig(bytes.NewReader(raw))); err != nil {
		return nil, err
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, ErrBroken
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, ErrBroken
	}
	if b.Len() > SizeMax {
		return nil, ErrTooLarge
	}
	return b.Bytes(), nil
}

// orientation is how a camera was held (Exif tag 0x0112), 1 when that is not
// said. It is the one thing that is read of what is about to be dropped: without
// it a picture taken upright would lie on its side.
func orientation(raw []byte) int {
	const upsideUp = 1
	at := 2
	for at+4 <= len(raw) && raw[at] == 0xff {
		marker, size := raw[at+1], int(binary.BigEndian.Uint16(raw[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(raw) {
			return upsideUp
		}
		segment := raw[at+4 : at+2+size]
		if tiff, is := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); is && marker == 0xe1 {
			return tiffOrientation(tiff)
		}
		at += 2 + size
	}
	return upsideUp
}

func tiffOrientation(tiff []byte) int {
	const upsideUp, entrySize, tag = 1, 12, 0x0112
	if len(tiff) < 8 {
		return upsideUp
	}
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return upsideUp
	}
	n := int64(order.Uint16(tiff[at:]))
	for i := range n {
		e := at + 2 + i*entrySize
		if e+entrySize > int64(len(tiff)) {
			return upsideUp
		}
		if order.Uint16(tiff[e:]) == tag {
			if o := int(order.Uint16(tiff[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			return upsideUp
		}
	}
	return upsideUp
}

// upright turns a picture the way it was seen.
func upright(img image.Image, orientation int) image.Image {
	if orientation <= 1 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	from := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(from, from.Bounds(), img, b.Min, draw.Src)
	ow, oh := w, h
	if orientation >= 5 {
		ow, oh = h, w
	}
	to := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			to.SetRGBA(x, y, from.RGBAAt(sx, sy))
		}
	}
	return to
}

// active are the names in a PDF of what acts by itself. They can be hidden in
// compressed parts; that is why a PDF is never opened in place.
var active = regexp.MustCompile(`/(JavaScript|JS|Launch|EmbeddedFiles?|OpenAction|AA|RichMedia|XFA|SubmitForm|GoToE)\b`)

func checkPDF(raw []byte) error {
	if !bytes.Contains(raw[max(0, len(raw)-2048):], []byte("%%EOF")) {
		return ErrBroken
	}
	if active.Match(raw) {
		return ErrActive
	}
	return nil
}

// cleanText takes what is readable text and nothing else. Web pages and other
// markup are no text: a browser may take them for what they are.
func cleanText(raw []byte) ([]byte, bool) {
	text, _ := strings.CutPrefix(string(raw), "\uFEFF")
	if !utf8.ValidString(text) {
		return nil, false
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, c := range text {
		if unicode.IsControl(c) && c != '\n' && c != '\t' || c == utf8.RuneError {
			return nil, false
		}
	}
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 512)]))
	if head == "" || strings.HasPrefix(head, "<") || strings.HasPrefix(head, "{\\rtf") || strings.HasPrefix(head, "%!ps") || strings.HasPrefix(head, "#!") {
		return nil, false
	}
	return []byte(text), true
}
