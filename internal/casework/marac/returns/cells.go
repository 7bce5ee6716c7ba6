package returns

import (
	"encoding/csv"
	"io"
	"strconv"

	"waymark/internal/casework/marac/returns/returnsdb"
	"waymark/internal/registers/directory"
)

// Cell is one count of a line: its code in the file, and its words on pages, which
// are kept apart so that a change of words changes no file.
type Cell struct {
	Code  string
	Label string

	of     func(Tally) int64
	counts func(returnsdb.CasesHeardRow) bool
}

// Of is the count of a tally.
func (c Cell) Of(t Tally) int64 { return c.of(t) }

// Cells are the counts of a line in the order of the return (domain.md, section 5.6).
func Cells() []Cell {
	yes := func(answer func(returnsdb.CasesHeardRow) string) func(returnsdb.CasesHeardRow) bool {
		return func(r returnsdb.CasesHeardRow) bool { return answer(r) == "yes" }
	}
	return []Cell{
		{"cases", "Cases, repeats included", func(t Tally) int64 { return t.Cases }, func(returnsdb.CasesHeardRow) bool { return true }},
		{"repeats", "Repeats", func(t Tally) int64 { return t.Repeats }, yes(func(r returnsdb.CasesHeardRow) string { return r.Repeated })},
		{"children", "Children in the household", func(t Tally) int64 { return t.Children }, func(r returnsdb.CasesHeardRow) bool { return r.Children > 0 }},
		{"bme", "Black and minority ethnic", func(t Tally) int64 { return t.BME }, yes(func(r returnsdb.CasesHeardRow) string { return r.Bme })},
		{"lgbt", "LGBT+", func(t Tally) int64 { return t.LGBT }, yes(func(r returnsdb.CasesHeardRow) string { return r.Lgbt })},
		{"disabled", "Disabled", func(t Tally) int64 { return t.Disabled }, yes(func(r returnsdb.CasesHeardRow) string { return r.Disabled })},
		{"male", "Male victims", func(t Tally) int64 { return t.Male }, yes(func(r returnsdb.CasesHeardRow) string { return r.Male })},
		{"victim_16_17", "Victims of 16 or 17", func(t Tally) int64 { return t.Young }, yes(func(r returnsdb.CasesHeardRow) string { return r.Victim1617 })},
		{"perpetrator_to_17", "A perpetrator of 17 or younger", func(t Tally) int64 { return t.YoungWhoHarms }, yes(func(r returnsdb.CasesHeardRow) string { return r.HarmerTo17 })},
	}
}

// BySector are referrals counted by the sector of the agency that made them.
func BySector(from map[string]int64, sectors map[string]directory.Sector) map[directory.Sector]int64 {
	out := map[directory.Sector]int64{}
	for agency, n := range from {
		out[sectors[agency]] += n
	}
	return out
}

// WriteCSV writes a return as a file: a line for each meeting, and one for all of
// them. Its columns do not change with words on pages.
func WriteCSV(w io.Writer, r Return, sectors map[string]directory.Sector) error {
	out := csv.NewWriter(w)
	head := []string{"quarter", "status", "meeting", "date"}
	for _, c := range Cells() {
		head = append(head, c.Code)
	}
	for _, code := range []string{"bme", "lgbt", "disabled", "male"} {
		head = append(head, code+"_not_known")
	}
	for _, sector := range directory.Sectors() {
		head = append(head, "from_"+string(sector))
	}
	head = append(head, "from_not_known", "women_16_and_over")
	if err := out.Write(head); err != nil {
		return err
	}
	status := "provisional"
	if r.Revision > 0 {
		status = "final " + strconv.FormatInt(r.Revision, 10)
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	line := func(meeting, on string, t Tally, from map[string]int64) error {
		row := []string{r.Quarter, status, meeting, on}
		for _, c := range Cells() {
			row = append(row, number(c.Of(t)))
		}
		row = append(row, number(t.BMEUnknown), number(t.LGBTUnknown), number(t.DisabledUnknown), number(t.MaleUnknown))
		by := BySector(from, sectors)
		for _, sector := range directory.Sectors() {
			row = append(row, number(by[sector]))
		}
		women := ""
		if r.Women > 0 {
			women = number(r.Women)
		}
		return out.Write(append(row, number(by[""]), women))
	}
	for _, l := range r.Lines {
		if err := line(string(l.Meeting), l.On, l.Tally, l.From); err != nil {
			return err
		}
	}
	if err := line("all", "", r.Total(), r.From()); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
