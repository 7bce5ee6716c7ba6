package measures

import (
	"fmt"
	"slices"
	"testing"
)

func TestSmallCountsAreHiddenAndOthersRounded(t *testing.T) {
	for _, c := range []struct {
		n     int64
		small int
		want  string
	}{
		{0, 7, "0"},
		{1, 7, Mark},
		{7, 7, Mark},
		{8, 7, "10"},
		{12, 7, "10"},
		{13, 7, "15"},
		{1_000_002, 7, "1000000"},
		{4, 4, Mark},
		{5, 4, "5"},
		{7, 4, "5"},
		{10, 10, Mark},
		{11, 10, "10"},
		// A threshold too low to matter must not let 1 or 2 look like nothing.
		{1, 0, Mark},
		{2, 1, Mark},
		{2, -3, Mark},
		{3, 0, "5"},
	} {
		if got := Suppress(c.n, c.small).String(); got != c.want {
			t.Errorf("%d with threshold %d shows %s, not %s", c.n, c.small, got, c.want)
		}
	}
	if n, shown := Suppress(3, 7).Shown(); shown || n != 0 {
		t.Errorf("a hidden count tells %d", n)
	}
	if got := Exactly(3).String(); got != "3" {
		t.Errorf("exactly 3 shows %s", got)
	}
}

// What a cell says of the true count holds for every count.
func TestACellNeverClaimsWhatIsNotSo(t *testing.T) {
	for small := range 12 {
		for n := range int64(60) {
			c := Suppress(n, small)
			for other := range int64(60) {
				o := Suppress(other, small)
				same := o.hidden == c.hidden && o.n == c.n
				if inside := c.least <= other && other <= c.most; inside != same {
					t.Fatalf("threshold %d: %d shows %s, which claims %d to %d; %d shows %s", small, n, c, c.least, c.most, other, o)
				}
			}
		}
	}
}

// S23: of two filters, one inside the other, the difference of what is shown
// never gives a small true difference away.
func TestNoPairOfFiltersGivesASmallCountAway(t *testing.T) {
	for _, small := range []int{5, 7, 10} {
		for whole := range int64(70) {
			for part := range whole + 1 {
				difference := whole - part
				if difference == 0 || difference > int64(small) {
					continue
				}
				w, p := Suppress(whole, small), Suppress(part, small)
				possible := map[int64]bool{}
				for i := w.least; i <= w.most; i++ {
					for j := p.least; j <= min(p.most, i); j++ {
						possible[i-j] = true
					}
				}
				if len(possible) < 2 {
					t.Errorf("threshold %d: %d and %d show %s and %s, which differ by %d", small, whole, part, w, p, difference)
				}
			}
		}
	}
}

// S23, for a breakdown with its total: no hidden part has only one value that
// fits everything that is shown. The slow way tries every combination, over
// all breakdowns of counts at the edges of what is shown.
func TestABreakdownAndItsTotalGiveNoSmallCountAway(t *testing.T) {
	edges := []int64{0, 1, 6, 7, 8, 12, 13}
	given, tried := 0, 0
	var each func(counts []int64)
	each = func(counts []int64) {
		if len(counts) > 0 {
			tried++
			if hidesAll := checkBreakdown(t, counts); hidesAll {
				given++
			}
		}
		if len(counts) < 4 {
			for _, n := range edges {
				each(append(slices.Clone(counts), n))
			}
		}
	}
	each(nil)
	if given == 0 || given*10 > tried {
		t.Errorf("%d of %d breakdowns are not shown", given, tried)
	}
}

// checkBreakdown tells whether the breakdown is not shown, and fails if a part
// can be worked out from one that is.
func checkBreakdown(t *testing.T, counts []int64) bool {
	t.Helper()
	r := Result{Parts: make([]Part, len(counts))}
	for i, n := range counts {
		r.Parts[i].Denominator.Contacts = n
		r.Counts.Denominator.Contacts += n
	}
	rows := r.Rows()
	total := rows[0].Denominator.Contacts
	if total != Suppress(r.Counts.Denominator.Contacts, SmallDefault) {
		t.Errorf("%v: the total became %s", counts, total)
	}
	cells := make([]Cell, len(counts))
	as := true
	for i, n := range counts {
		cells[i] = rows[1+i].Denominator.Contacts
		as = as && cells[i] == Suppress(n, SmallDefault)
	}
	if !as {
		for _, c := range cells {
			if c != (Cell{}).hide() {
				t.Errorf("%v: only a part of the breakdown is hidden", counts)
			}
		}
		return true
	}
	possible := make([]map[int64]bool, len(cells))
	for i := range possible {
		possible[i] = map[int64]bool{}
	}
	chosen := make([]int64, len(cells))
	var try func(i int, sum int64)
	try = func(i int, sum int64) {
		if i == len(cells) {
			if total.least <= sum && sum <= total.most {
				for i, n := range chosen {
					possible[i][n] = true
				}
			}
			return
		}
		for n := cells[i].least; n <= cells[i].most; n++ {
			chosen[i] = n
			try(i+1, sum+n)
		}
	}
	try(0, 0)
	for i, c := range cells {
		if c.hidden && len(possible[i]) < 2 {
			t.Errorf("%v show %v in %v: the %d is known", counts, cells, total, counts[i])
		}
	}
	return false
}

func TestABreakdownThatWouldGiveASmallCountAwayIsNotShown(t *testing.T) {
	r := Result{Counts: Counts{Denominator: Tally{Persons: 43, Contacts: 43}}}
	for _, n := range []int64{7, 12, 12, 12} { // 7 is the only way up to 45
		r.Parts = append(r.Parts, Part{Counts: Counts{Denominator: Tally{Persons: n, Contacts: n}}})
	}
	var got []string
	for _, row := range r.Rows() {
		got = append(got, fmt.Sprintf("%s/%s", row.Denominator.Persons, row.Denominator.Contacts))
	}
	if want := []string{"45/45", "[c]/[c]", "[c]/[c]", "[c]/[c]", "[c]/[c]"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	r.exact = true
	if got := r.Rows()[1].Denominator.Contacts.String(); got != "7" {
		t.Errorf("to those who may see it, the part is %s", got)
	}
	if got := r.Suppressed().Rows()[1].Denominator.Contacts.String(); got != Mark {
		t.Errorf("suppressed again it is %s", got)
	}
}

func TestPeopleInSeveralPartsNeedNotAddUp(t *testing.T) {
	// Three people, each in both parts: the total says nothing about either.
	total, part := Suppress(10, 7), Suppress(7, 7)
	if givenAway(total, []Cell{part, Suppress(10, 7)}, false) {
		t.Error("overlapping parts were taken for given away")
	}
	if !givenAway(Suppress(7, 7), slices.Repeat([]Cell{Suppress(1, 7)}, 7), true) {
		t.Error("seven parts of at least one in at most seven were not seen")
	}
}

func TestRatesComeFromRoundedPartsAndNotFromSmallBases(t *testing.T) {
	for _, c := range []struct {
		part, whole int64
		exact       bool
		want        string
	}{
		{9, 11, false, "100%"}, // 10 of 10
		{9, 18, false, "50%"},
		{8, 33, false, "29%"}, // 10 of 35
		{3, 18, false, Mark},
		{0, 18, false, "0%"},
		{2, 5, false, Mark},
		{0, 0, false, "no records yet"},
		{0, 0, true, "no records yet"},
		{2, 3, true, "67%"},
		{1, 2, true, "50%"},
		{1, 200, true, "1%"}, // half a per cent goes up
	} {
		r := Result{
			exact: c.exact, Indicator: Indicator{Unit: Contacts},
			Counts: Counts{Numerator: Tally{Contacts: c.part}, Denominator: Tally{Contacts: c.whole}},
		}
		if got := r.Rows()[0].PercentLabel(); got != c.want {
			t.Errorf("%d of %d, exact %t: %s, not %s", c.part, c.whole, c.exact, got, c.want)
		}
	}
}

func TestTheZeroResultIsSuppressed(t *testing.T) {
	r := Result{Counts: Counts{Denominator: Tally{Persons: 3, Contacts: 4}}}
	if got := r.Rows()[0].Denominator; got.Persons.String() != Mark || got.Contacts.String() != Mark {
		t.Errorf("got %v", got)
	}
	if !r.Rows()[0].Hides() || r.Rows()[0].Empty() {
		t.Error("a hidden count is taken for shown or for nothing")
	}
}
