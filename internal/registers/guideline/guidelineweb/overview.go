package guidelineweb

import (
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/guideline"
)

// versions says which texts are shown.
func (p overviewPage) versions() []ui.SummaryRow {
	text := "Not imported. Whoever runs this site can import it."
	if p.official.there() {
		text = "Version of " + p.official.updatedOn() + ", imported on " + p.official.importedOn() + ". It stands beside our words on the page of each box."
	}
	return []ui.SummaryRow{
		{Key: "Plain-English text", Value: "Updated on " + date(p.own.Updated) + "."},
		{Key: "Official text", Value: text},
	}
}

// note is one note on responsibility with the obligations it states.
type note struct {
	text        string
	obligations []guideline.Obligation
}

func notes(own *guideline.Own) []note {
	var out []note
	for i, text := range own.Responsibility {
		n := note{text: text}
		for _, id := range own.ResponsibilityObligations[i] {
			n.obligations = append(n.obligations, *own.Obligation(id))
		}
		out = append(out, n)
	}
	return out
}
