package measures

// Result is what was counted of one indicator in one period. What may be
// shown of it are its [Result.Rows]; its zero value shows suppressed counts.
type Result struct {
	Indicator Indicator
	Period    Period
	Agency    string // "" for all agencies
	Counts
	// Parts are the counts by the indicator's own breakdown, by value.
	Parts []Part

	exact bool
	small int
}

// Counts are the integers of a figure. Numerators lie inside denominators.
type Counts struct {
	Numerator   Tally
	Denominator Tally
}

// Tally counts the same facts in both units.
type Tally struct {
	Persons  int64
	Contacts int64
}

// Part is one line of a breakdown. A person with contacts in two parts is
// counted in both, and once in the whole.
type Part struct {
	Value string
	Label string
	Counts
}

// Exact tells whether the rows show the counts as they are.
func (r Result) Exact() bool { return r.exact }

// Suppressed is the result as it may leave the partnership.
func (r Result) Suppressed() Result {
	r.exact = false
	return r
}

// Row is one line as it may be shown.
type Row struct {
	Indicator   Indicator
	Period      Period
	Agency      string
	Part        string // "" for the whole
	PartLabel   string
	Numerator   Shown
	Denominator Shown
}

// Shown is a tally as it may be shown.
type Shown struct {
	Persons  Cell `json:"persons"`
	Contacts Cell `json:"contacts"`
}

// Of is the count in a unit.
func (s Shown) Of(u Unit) Cell {
	if u == Contacts {
		return s.Contacts
	}
	return s.Persons
}

// Percent is the rounded percentage in the indicator's unit, from the counts
// that are shown; false where there is none to show.
func (r Row) Percent() (int64, bool) {
	return percent(r.Numerator.Of(r.Indicator.Unit), r.Denominator.Of(r.Indicator.Unit))
}

// Empty tells whether nothing was recorded that the figure could be about.
func (r Row) Empty() bool {
	n, shown := r.Denominator.Contacts.Shown()
	return shown && n == 0
}

// Hides tells whether a count of the row is suppressed.
func (r Row) Hides() bool {
	for _, c := range []Cell{r.Numerator.Persons, r.Numerator.Contacts, r.Denominator.Persons, r.Denominator.Contacts} {
		if c.hidden {
			return true
		}
	}
	return false
}

// Rows are the whole and then its parts, as they may be shown.
func (r Result) Rows() []Row {
	rows := []Row{r.row(Part{Counts: r.Counts})}
	for _, p := range r.Parts {
		rows = append(rows, r.row(p))
	}
	if r.exact {
		return rows
	}
	// Contacts in two parts are two contacts, people in two parts are one.
	protect(rows, true, func(row *Row) *Cell { return &row.Numerator.Contacts })
	protect(rows, true, func(row *Row) *Cell { return &row.Denominator.Contacts })
	protect(rows, false, func(row *Row) *Cell { return &row.Numerator.Persons })
	protect(rows, false, func(row *Row) *Cell { return &row.Denominator.Persons })
	return rows
}

// protect hides a column of a breakdown altogether where it would give a small
// count away.
func protect(rows []Row, addUp bool, cell func(*Row) *Cell) {
	parts := make([]Cell, 0, len(rows)-1)
	for i := range rows[1:] {
		parts = append(parts, *cell(&rows[1+i]))
	}
	if !givenAway(*cell(&rows[0]), parts, addUp) {
		return
	}
	for i := range rows[1:] {
		c := cell(&rows[1+i])
		*c = c.hide()
	}
}

func (r Result) row(p Part) Row {
	return Row{
		Indicator: r.Indicator, Period: r.Period, Agency: r.Agency, Part: p.Value, PartLabel: p.Label,
		Numerator: r.show(p.Numerator), Denominator: r.show(p.Denominator),
	}
}

func (r Result) show(t Tally) Shown {
	cell := Exactly
	if !r.exact {
		small := r.small
		if small == 0 {
			small = SmallDefault
		}
		cell = func(n int64) Cell { return Suppress(n, small) }
	}
	return Shown{Persons: cell(t.Persons), Contacts: cell(t.Contacts)}
}
