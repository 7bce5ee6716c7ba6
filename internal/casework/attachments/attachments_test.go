package attachments_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/attachments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// taken is a picture, wider than high and red at the top left, as a telephone
// would send it: with where it was taken, turned by a quarter.
func taken(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 32))
	for y := range 32 {
		for x := range 64 {
			img.SetRGBA(x, y, color.RGBA{B: 255, A: 255})
			if x < 16 && y < 16 {
				img.SetRGBA(x, y, color.RGBA{R: 255, A: 255})
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00GPS 51.0123N 3.1234W")
	exif := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return slices.Concat(b.Bytes()[:2], segment, exif, b.Bytes()[2:], []byte("<script>alert(1)</script>"))
}

// What a telephone hides in a picture is gone, and the picture is the right way
// up.
//
// Proves: B6.26
func TestAPictureIsWrittenAnew(t *testing.T) {
	kind, out, cleaned, err := attachments.Clean(taken(t))
	if err != nil || kind != attachments.JPEG || !cleaned {
		t.Fatalf("%s %t %v", kind, cleaned, err)
	}
	for _, hidden := range []string{"GPS", "51.0123", "Exif", "<script>"} {
		if bytes.Contains(out, []byte(hidden)) {
			t.Errorf("%s is still in it", hidden)
		}
	}
	img, err := jpeg.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 32 || b.Dy() != 64 {
		t.Errorf("it is %v", b)
	}
	if r, _, blue, _ := img.At(28, 3).RGBA(); r < blue {
		t.Error("it lies on its side")
	}
}

// What something is is told from its content, and nothing else is taken.
func TestWhatIsTaken(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	huge := slices.Clone(picture.Bytes())
	binary.BigEndian.PutUint32(huge[16:], 50_000)
	binary.BigEndian.PutUint32(huge[20:], 50_000)
	for _, try := range []struct {
		name string
		body string
		kind attachments.Kind
		err  error
	}{
		{"a PNG picture", picture.String(), attachments.PNG, nil},
		{"text", "She wrote:\r\n“Come.”", attachments.Text, nil},
		{"a PDF", "%PDF-1.4\n1 0 obj\n%%EOF\n", attachments.PDF, nil},
		{"a PDF with a script", "%PDF-1.4\n<< /S /JavaScript /JS (app.alert(1)) >>\n%%EOF\n", attachments.PDF, attachments.ErrActive},
		{"half a PDF", "%PDF-1.4\n", attachments.PDF, attachments.ErrBroken},
		{"nothing", "", "", attachments.ErrEmpty},
		{"a web page", "<html><script>alert(1)</script>", "", attachments.ErrKind},
		{"a drawing that runs scripts", "\n <svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "", attachments.ErrKind},
		{"an archive", "PK\x03\x04 word/document.xml", "", attachments.ErrKind},
		{"a program", "MZ\x90\x00\x03", "", attachments.ErrKind},
		{"half a JPEG", "\xff\xd8\xff\xe0junk", attachments.JPEG, attachments.ErrBroken},
		{"too much", strings.Repeat("a", attachments.SizeMax+1), "", attachments.ErrTooLarge},
	} {
		kind, _, _, err := attachments.Clean([]byte(try.body))
		if kind != try.kind || !errors.Is(err, try.err) {
			t.Errorf("%s is %q: %v, want %q: %v", try.name, kind, err, try.kind, try.err)
		}
	}
	if _, _, _, err := attachments.Clean(huge); err == nil {
		t.Error("a picture of 50,000 by 50,000 points was taken")
	}
}

// FuzzClean looks for what would bring the cleaning down, and for something
// cleaned that is not taken when it comes again.
func FuzzClean(f *testing.F) {
	f.Add(taken(f))
	f.Add([]byte("%PDF-1.4\n%%EOF"))
	f.Add([]byte("text"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		kind, out, _, err := attachments.Clean(raw)
		if err != nil {
			return
		}
		if again, _, _, err := attachments.Clean(out); err != nil || again != kind {
			t.Errorf("a cleaned %s is %q: %v", kind, again, err)
		}
	})
}

// A document is sealed, comes back whole, is in the ledger each time it is
// looked at, and its name is in no address and no entry.
//
// Proves: B6.14
func TestADocumentIsSealedAndEachViewingRecorded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, attachments.Rules())
		s := attachments.New(db, w.Guard, w.Cases)
		ctx := t.Context()
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		body := strings.Repeat("Xanthe lives at the mill. ", 60_000)
		id, err := s.Add(ctx, f, attachments.NewAttachment{Name: `..\..\etc/Xanthe's address.txt`, About: "Letter", Body: []byte(body)})
		if err != nil {
			t.Fatal(err)
		}
		before := len(w.Ledger(t))
		a, got, err := s.View(ctx, f, id)
		if err != nil || string(got) != body {
			t.Fatalf("%d of %d bytes came back: %v", len(got), len(body), err)
		}
		if a.Name != "Xanthe's address.txt" || strings.Contains(a.Path(f)+a.SaveAs(), "Xanthe") {
			t.Errorf("it is called %q at %s", a.Name, a.Path(f))
		}
		viewed := false
		for _, e := range w.Ledger(t)[before:] {
			viewed = viewed || e.Action == attachments.ActView && e.Outcome == audit.Allowed && slices.Contains(e.Subjects, id.Subject())
		}
		if !viewed {
			t.Error("the viewing is not in the ledger")
		}
		err = db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			rows, err := tx.QueryContext(ctx, "SELECT body FROM attachment_piece UNION ALL SELECT name FROM attachment")
			if err != nil {
				return err
			}
			defer func() { _ = rows.Close() }()
			n := 0
			for rows.Next() {
				var sealed []byte
				if err := rows.Scan(&sealed); err != nil {
					return err
				}
				if n++; bytes.Contains(sealed, []byte("Xanthe")) {
					t.Error("it lies open in the database")
				}
			}
			if n < 3 {
				t.Errorf("only %d pieces", n)
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}

		pdf := attachments.NewAttachment{Name: "a.pdf", About: "Order", Body: []byte("%PDF-1.4\n%%EOF")}
		_, err = s.Add(ctx, f, pdf)
		if errs, is := forms.AsErrors(err); !is || !errs.Has("known") {
			t.Errorf("a PDF without the warning was read: %v", err)
		}
		pdf.Known = true
		if _, err := s.Add(ctx, f, pdf); err != nil {
			t.Error(err)
		}

		// What lies in a compartment is not there without its permission.
		apart, err := s.Add(ctx, f, attachments.NewAttachment{About: "Minutes", Body: []byte("words"), Compartment: cases.Supervised})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.View(ctx, f, apart); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("without the permission: %v", err)
		}
	})
}
