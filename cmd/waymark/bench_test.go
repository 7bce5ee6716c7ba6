package main

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/web/webtest"
)

// benchData reads what the benchmark of whole jobs is made from.
func benchData(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "bench", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// The limit that the benchmark compares with reads as often as the program
// does: a number out of step makes it too fast or too slow. When a page
// changes, bench/reads.json changes with it.
func TestTheBenchmarkReadsAsOftenAsThePages(t *testing.T) {
	var want map[string]int
	benchData(t, "reads.json", &want)
	var asked url.Values
	benchData(t, "enquiry.json", &asked)

	c := newCounty(t)
	b := c.as(t, "amira.nurse")
	advocate := c.as(t, "lena.idva")
	begin := func(b *webtest.Browser, name string) string {
		begun := b.Post("/cases/new", url.Values{"given_name": {name}, "family_name": {"Example"}}).Header.Get("Location")
		page, _, _ := strings.Cut(begun, "?")
		return page
	}
	long, short := begin(advocate, "Long"), begin(b, "Short")
	for range 10 {
		advocate.Post(long+"/notes/new", url.Values{"text": {"Rang to say that the appointment is moved."}})
	}
	jobs := map[string]func() *webtest.Answer{
		"pathway": func() *webtest.Answer { return webtest.NewBrowser(t, c.frame).Get("/pathway/8") },
		"case":    func() *webtest.Answer { return advocate.Get(long) },
		"enquiry": func() *webtest.Answer { return b.Post(short+"/enquiries/new", asked) },
	}
	got := map[string]int{}
	for name, job := range jobs {
		job() // the first time reads what is kept from then on
		a := job()
		if a.Status != 200 && a.Status != 303 {
			t.Errorf("%s answers %d", name, a.Status)
		}
		got[name] = a.Reads
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("bench/reads.json is out of step with what the pages read (-file +pages):\n%s", d)
	}
}
