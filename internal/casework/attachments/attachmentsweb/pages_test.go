package attachmentsweb_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/attachments"
	"waymark/internal/casework/attachments/attachmentsweb"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

type world struct {
	*casestest.World
	site *webtest.Site
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, attachments.Rules())
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := attachmentsweb.New(attachments.New(db, w.Guard, w.Cases), w.Cases, w.Directory, desk.Bar)
		desk.Add(pages.Panel)
		fn(t, world{w, webtest.New(t, webtest.Options{
			DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes(), pages.Routes()},
		})})
	})
}

func (w world) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return w.site.SignedIn(t, w.Actor(t, who).Account)
}

// upload is what a browser sends of a form with a file in it.
type upload struct {
	name, says string // what it is called, and what the browser says it is
	body       string
	fields     map[string]string
}

func (u upload) to(t *testing.T, b *webtest.Browser, path string) *webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range u.fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename=%q`, u.name)}, "Content-Type": {u.says}}
	part, err := w.CreatePart(h)
	if err == nil {
		_, err = io.WriteString(part, u.body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Send(webtest.Ask{Method: http.MethodPost, Path: path, Body: &body, ContentType: w.FormDataContentType()})
}

func about(text string) map[string]string { return map[string]string{"about": text} }

// taken is a picture as a telephone sends it, with where it was taken.
func taken(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 16, 16))
	img.SetRGBA(3, 3, color.RGBA{R: 255, A: 255})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	hidden := "Exif\x00\x00GPS 51.0123N 3.1234W of the refuge"
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(hidden)+2))
	return string(slices.Concat(b.Bytes()[:2], segment, []byte(hidden), b.Bytes()[2:]))
}

// A picture is added, shown in place and handed out without what the telephone
// hid in it, under a neutral name and shut off from everything.
//
// Proves: B6.26
func TestAPictureIsAddedAndShownInPlace(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse := w.as(t, casestest.Nurse)
		form := nurse.Get(f.Path()).OK(t).Click(t, "Documents and pictures").OK(t)
		webtest.CheckAutocompleteOff(t, form, "main form")
		if got := form.One(t, "main form").Attr("enctype"); got != "multipart/form-data" {
			t.Errorf("the form is sent as %q", got)
		}
		path := f.Path() + "/attachments"
		// The name and what the browser says are both wrong.
		listed := upload{"Xanthe at the refuge.exe", "text/html", taken(t), about("Photograph of the door")}.to(t, nurse, path).SeeOther(t, path+"?done=added").Follow(t).OK(t)
		listed.Says(t, "It is added to the case", "Photograph of the door", "Picture")

		var shown *webtest.Answer
		entries := w.site.Ledger(t, func() { shown = listed.Click(t, "Photograph of the door").OK(t) })
		if !slices.ContainsFunc(entries, func(e audit.Entry) bool {
			return slices.ContainsFunc(e.Subjects, func(s audit.Subject) bool { return s == f.Person().Subject() })
		}) {
			t.Errorf("the ledger has %v", webtest.Acts(entries))
		}
		src := shown.One(t, "main img").Attr("src")
		if strings.Contains(src, "Xanthe") || shown.One(t, "main img").Attr("alt") != "Photograph of the door" {
			t.Errorf("it is shown from %s", src)
		}
		got := nurse.Get(src).OK(t)
		h := got.Header
		if h.Get("Content-Type") != "image/jpeg" || h.Get("Content-Disposition") != `inline; filename="document-1.jpg"` ||
			h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Cache-Control"), "no-store") ||
			!strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("its headers are %v", h)
		}
		for _, hidden := range []string{"GPS", "51.0123", "Exif", "refuge"} {
			if strings.Contains(got.Body, hidden) {
				t.Errorf("%s is still in it", hidden)
			}
		}
		if _, err := jpeg.Decode(strings.NewReader(got.Body)); err != nil {
			t.Errorf("it is no picture any more: %v", err)
		}
	})
}

// What is not taken is refused at the field, with what was typed kept; nothing
// is written. What something is, its content says, whatever it is called.
func TestWhatIsNotTakenIsRefusedAndNothingIsLost(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse, path := w.as(t, casestest.Nurse), f.Path()+"/attachments"
		for _, c := range []struct {
			field, name, says, body string
			fields                  map[string]string
		}{
			{"file", "picture.jpg", "image/jpeg", "<html><script>alert(1)</script></html>", about("Letter")},
			{"file", "picture.png", "image/png", "PK\x03\x04 word/document.xml", about("Letter")},
			{"file", "drawing.jpg", "image/jpeg", "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", about("Letter")},
			{"file", "paper.pdf", "application/pdf", "%PDF-1.4\n<< /S /JavaScript /JS (app.alert(1)) >>\n%%EOF\n", about("Letter")},
			{"file", "", "application/octet-stream", "", about("Letter")},
			{"file", "long.txt", "text/plain", strings.Repeat("a", attachments.SizeMax+1), about("Letter")},
			{"known", "paper.pdf", "application/pdf", "%PDF-1.4\n%%EOF\n", about("Letter")},
			{"about", "a.txt", "text/plain", "words", about("")},
			{"compartment", "a.txt", "text/plain", "words", map[string]string{"about": "Letter", "compartment": "cellar"}},
		} {
			a := upload{c.name, c.says, c.body, c.fields}.to(t, nurse, path)
			a.Invalid(t, c.field)
			if v := a.FormValues(t, "main form").Get("about"); v != c.fields["about"] {
				t.Errorf("%s: what it is says %q, want %q", c.name, v, c.fields["about"])
			}
		}
		nurse.Get(path).OK(t).SaysNot(t, "Letter,", "Document 1")
		// Far too much is turned away before it is read.
		a := upload{"huge.txt", "text/plain", strings.Repeat("a", 3*attachments.SizeMax), about("Letter")}.to(t, nurse, path)
		if a.Status < 400 {
			t.Errorf("30 megabytes: %d", a.Status)
		}
	})
}

// A PDF is kept as it came, which whoever adds it has to say they know, and is
// only ever saved.
func TestAPDFIsSavedAndNeverOpened(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse, path := w.as(t, casestest.Nurse), f.Path()+"/attachments"
		known := map[string]string{"about": "Court order", "known": "yes"}
		shown := upload{"order.pdf", "application/pdf", "%PDF-1.4\n%%EOF\n", known}.to(t, nurse, path).SeeOther(t, "").Follow(t).OK(t).Click(t, "Court order").OK(t)
		shown.Says(t, "A PDF is not opened here", "can tell who made it")
		if n := len(shown.Select("main img, main iframe, main embed, main object")); n != 0 {
			t.Errorf("%d things on the page show it", n)
		}
		got := shown.Click(t, "Save the document").OK(t)
		if d := got.Header.Get("Content-Disposition"); d != `attachment; filename="document-1.pdf"` {
			t.Errorf("it comes as %q", d)
		}
	})
}

// Text is shown as text, whatever is in it.
func TestATextIsShownAsText(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse, path := w.as(t, casestest.Nurse), f.Path()+"/attachments"
		shown := upload{"a.html", "text/html", "She wrote: <b onclick=x()>come & see</b> {{7*7}}", about("Note")}.to(t, nurse, path).SeeOther(t, "").Follow(t).OK(t).Click(t, "Note").OK(t)
		shown.Says(t, "She wrote: <b onclick=x()>come & see</b> {{7*7}}")
		if len(shown.Select("main b")) != 0 {
			t.Error("it became part of the page")
		}
	})
}

// A document is where its case is: not there for others, and one in a
// compartment is not there without the permission for it.
//
// Proves: B6.14
func TestWhoSeesADocument(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse, path := w.as(t, casestest.Nurse), f.Path()+"/attachments"
		one := upload{"a.txt", "text/plain", "words", about("Letter")}.to(t, nurse, path).SeeOther(t, "").Follow(t).OK(t).One(t, `main a[href*="/attachments/"]`).Attr("href")
		apart := map[string]string{"about": "Minutes of supervision", "compartment": string(cases.Supervised)}
		list := upload{"b.txt", "text/plain", "words", apart}.to(t, nurse, path).SeeOther(t, "").Follow(t).OK(t)
		list.Says(t, "kept apart")
		list.SaysNot(t, "Minutes of supervision")

		manager := w.as(t, casestest.TrustManager)
		manager.Get(path).OK(t).Click(t, "Minutes of supervision").OK(t).Says(t, "words")
		hidden := ""
		for _, a := range manager.Get(path).OK(t).Select(`main a[href*="/attachments/"]`).Attrs("href") {
			if a != one {
				hidden = a
			}
		}
		const never = "/01900000-0000-7000-8000-000000000000"
		webtest.SameAsAbsent(t, nurse, hidden, path+never)
		webtest.SameAsAbsent(t, nurse, hidden+"/content", path+never+"/content")
		other := w.as(t, casestest.IDVA)
		webtest.SameAsAbsent(t, other, one, "/cases"+never+"/attachments"+never)
		webtest.SameAsAbsent(t, other, one+"/content", "/cases"+never+"/attachments"+never+"/content")
		upload{"a.txt", "text/plain", "words", about("Letter")}.to(t, other, path).NotThere(t)
		upload{"a.txt", "text/plain", "words", about("Letter")}.to(t, nurse.CrossSite(), path).Is(t, http.StatusForbidden)
		w.site.Anyone(t).Get(one).SignInFirst(t)
	})
}
