package formsweb

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"testing"

	"waymark/internal/platform/forms"
)

// BenchmarkAFormOf200Questions shows and checks a form with all its answers: one in which nothing repeats, and
// the same questions in forty repetitions of a group of five.
func BenchmarkAFormOf200Questions(b *testing.B) {
	items := func(n int) []map[string]any {
		var all []map[string]any
		for i := range n {
			all = append(all, map[string]any{"linkId": fmt.Sprint("q", i), "type": "string", "text": fmt.Sprint("Question ", i)})
		}
		return all
	}
	group := []map[string]any{{"linkId": "g", "type": "group", "text": "Entry", "repeats": true, "item": items(5)}}
	for name, set := range map[string][]map[string]any{"flat": items(200), "repeating": group} {
		data, err := json.Marshal(map[string]any{"resourceType": "Questionnaire", "url": "https://example.invalid/b", "version": "1", "title": "B", "status": "draft", "item": set})
		if err != nil {
			b.Fatal(err)
		}
		q := parsed(b, data)
		a := forms.Answers{}
		if name == "repeating" {
			for n := range 40 {
				a["g\tall"] = forms.Give(append(a.Values("g\tall"), fmt.Sprint(n+1))...)
			}
		}
		for i := range q.Spread(a).Questions() {
			a.Set(i.LinkID, "An answer.")
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				e := q.Validate(a)
				if e.Any() {
					b.Fatal(e)
				}
				if err := Fields(q, a, e).Render(context.Background(), io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
