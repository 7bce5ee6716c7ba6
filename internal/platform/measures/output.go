package measures

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
)

// nothingYet is said where a denominator is empty.
const nothingYet = "no records yet"

// PercentLabel is the percentage in words for people, the mark, or that
// nothing is recorded yet.
func (r Row) PercentLabel() string {
	if p, ok := r.Percent(); ok {
		return strconv.FormatInt(p, 10) + "%"
	}
	if r.Empty() {
		return nothingYet
	}
	return Mark
}

type jsonMeasure struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	NICE   bool   `json:"nice"`
	Unit   Unit   `json:"unit"`
	Period Period `json:"period"`
	Agency string `json:"agency,omitempty"`
	Exact  bool   `json:"exact"`
	jsonRow
	Counted     string    `json:"numerator_counts"`
	Of          string    `json:"denominator_counts"`
	Rule        string    `json:"rule"`
	Note        string    `json:"note,omitempty"`
	Obligations []string  `json:"obligations,omitempty"`
	By          string    `json:"by,omitempty"`
	Parts       []jsonRow `json:"parts,omitempty"`
}

type jsonRow struct {
	Part        string `json:"part,omitempty"`
	PartLabel   string `json:"part_label,omitempty"`
	Numerator   Shown  `json:"numerator"`
	Denominator Shown  `json:"denominator"`
	Percent     *int64 `json:"percent"`
	Suppressed  bool   `json:"suppressed"`
}

// WriteJSON writes results as one JSON object. A suppressed count is null in a
// row whose suppressed is true.
func WriteJSON(w io.Writer, results []Result) error {
	out := struct {
		Means    string        `json:"suppressed_means"`
		Measures []jsonMeasure `json:"measures"`
	}{Means: MarkMeaning, Measures: []jsonMeasure{}}
	for _, r := range results {
		rows := r.Rows()
		in := r.Indicator
		m := jsonMeasure{
			ID: in.ID, Title: in.Title, NICE: in.NICE, Unit: in.Unit, Period: r.Period, Agency: r.Agency, Exact: r.exact,
			jsonRow: asJSON(rows[0]), Counted: in.Numerator.Words, Of: in.Denominator.Words,
			Rule: in.Numerator.Link.Label(), Note: in.Note, Obligations: in.Obligations, By: in.By,
		}
		for _, part := range rows[1:] {
			m.Parts = append(m.Parts, asJSON(part))
		}
		out.Measures = append(out.Measures, m)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func asJSON(r Row) jsonRow {
	out := jsonRow{
		Part: r.Part, PartLabel: r.PartLabel, Suppressed: r.Hides(),
		Numerator: r.Numerator, Denominator: r.Denominator,
	}
	if p, ok := r.Percent(); ok {
		out.Percent = &p
	}
	return out
}

// WriteCSV writes results as one table with a heading, a line for each row.
func WriteCSV(w io.Writer, results []Result) error {
	out := csv.NewWriter(w)
	lines := [][]string{{
		"measure", "title", "official", "part", "from", "to", "numerator", "denominator",
		"people counted", "people in all", "contacts counted", "contacts in all", "unit", "percent", "note",
	}}
	for _, r := range results {
		for _, row := range r.Rows() {
			in := row.Indicator
			percent := ""
			if p, ok := row.Percent(); ok {
				percent = strconv.FormatInt(p, 10)
			} else if !row.Empty() {
				percent = Mark
			}
			lines = append(lines, []string{
				in.ID, in.Title, yesNo(in.NICE), row.PartLabel, row.Period.From, row.Period.To, in.Numerator.Words, in.Denominator.Words,
				row.Numerator.Persons.String(), row.Denominator.Persons.String(),
				row.Numerator.Contacts.String(), row.Denominator.Contacts.String(), in.Unit.Label(), percent, in.Note,
			})
		}
	}
	for _, line := range lines {
		for i := range line {
			line[i] = neutral(line[i])
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// neutral keeps a spreadsheet from taking a text for a formula (S26).
func neutral(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// WriteTable writes results as text for a terminal: a table, then what each
// measure counts.
func WriteTable(w io.Writer, results []Result) error {
	if len(results) == 0 {
		_, err := fmt.Fprintln(w, "No measures are declared.")
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", results[0].Period.Label())
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "MEASURE\tPEOPLE\tOF\tCONTACTS\tOF\tSHARE")
	hides := false
	for _, r := range results {
		for i, row := range r.Rows() {
			name := row.Indicator.ID
			if i > 0 {
				name = "  " + row.PartLabel
			}
			share := row.PercentLabel()
			if _, ok := row.Percent(); ok {
				share += " of " + row.Indicator.Unit.Label()
			}
			fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", name, row.Numerator.Persons, row.Denominator.Persons,
				row.Numerator.Contacts, row.Denominator.Contacts, share)
			hides = hides || row.Hides()
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if hides {
		fmt.Fprintf(&b, "\n%s  %s\n", Mark, MarkMeaning)
	}
	if !results[0].exact {
		b.WriteString("\nCounts are rounded to the nearest 5, and percentages come from rounded counts.\n")
	}
	for _, r := range results {
		in := r.Indicator
		official := ""
		if in.NICE {
			official = " (NICE's own measure)"
		}
		fmt.Fprintf(&b, "\n%s  %s%s\n    Counted: %s\n    Of: %s\n    %s\n", in.ID, in.Title, official,
			in.Numerator.Words, in.Denominator.Words, in.Numerator.Link.Label())
		if in.Note != "" {
			fmt.Fprintf(&b, "    Note: %s\n", in.Note)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
