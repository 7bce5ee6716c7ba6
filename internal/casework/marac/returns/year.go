package returns

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/marac/returns/returnsdb"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Norms by which a year is looked at (domain.md, section 5.7).
const (
	CasesPer10000 = 40  // cases to be expected for 10,000 women of 16 and over
	PerIDVA       = 100 // referrals for one IDVA, full time
	PerAdmin      = 400 // cases for one administrator, full time
	PerMeeting    = 16  // cases at a meeting, on average
)

// Year is how a MARAC did in twelve months.
type Year struct {
	Period   measures.Period
	Total    Tally
	Meetings int
	From     map[string]int64 // cases heard, by the agency that referred
	Referred map[string]int64 // by the state in which those referred within the year are now
	Seats    []Attendance
	Women    int64
	Minutes  int64 // for each case at a meeting

	// Waited is how many days passed between referral and hearing: of half of the
	// cases no more than Half, of nine in ten no more than Most.
	Half, Most int

	Evidence []Evidence // of the ten principles
	Review   Review     // the last one
	Exact    bool       // otherwise small counts are suppressed and the others rounded
}

// Attendance is how the people of an agency came to meetings. Each is a number of
// seats at meetings that ended.
type Attendance struct {
	Agency                       string
	Asked, Came, Apologies, Sent int64 // Sent: apologies, and information was sent
}

// Per10000 is how many cases were heard for 10,000 women, and whether it is known.
func (y Year) Per10000() (float64, bool) {
	if y.Women == 0 {
		return 0, false
	}
	return float64(y.Total.Cases) * 10000 / float64(y.Women), true
}

// Expected are the cases that the norm expects of the area in a year; 0 where it
// is not known how many women live there.
func (y Year) Expected() int64 { return y.Women * CasesPer10000 / 10000 }

// Capacity is what a number of cases in a year needs, by the norms.
type Capacity struct {
	Cases    int64
	IDVAs    float64 // full time
	Admins   float64 // full time
	Meetings int64
	Hours    float64 // at meetings
}

// Needs is what so many cases need, when each has so many minutes at a meeting.
func Needs(cases, minutes int64) Capacity {
	return Capacity{
		Cases: cases, IDVAs: float64(cases) / PerIDVA, Admins: float64(cases) / PerAdmin,
		Meetings: (cases + PerMeeting - 1) / PerMeeting, Hours: float64(cases*minutes) / 60,
	}
}

// NotPolice is how many cases others than the police referred.
func (y Year) NotPolice(sectors map[string]directory.Sector) int64 {
	var n int64
	for agency, k := range y.From {
		if sectors[agency] != directory.Police {
			n += k
		}
	}
	return n
}

// Year is how a MARAC did in the twelve months to a quarter's end; the quarter is
// read as in [Service.Return]. Commissioners are to be shown it by [Year.Cell].
func (s *Service) Year(ctx context.Context, actor policy.Actor, agency, quarter string) (Year, error) {
	if _, err := s.guard.OpenFigures(ctx, actor, ActSteer, returnsOf(agency), "", false, ofAgency(agency)); err != nil {
		return Year{}, err
	}
	p, _, ok := s.Quarter(quarter)
	if !ok {
		return Year{}, store.ErrNotFound
	}
	to, err := time.Parse(time.DateOnly, p.To)
	if err != nil {
		return Year{}, err
	}
	p.From = to.AddDate(0, 0, 1).AddDate(-1, 0, 0).Format(time.DateOnly)
	y := Year{Period: p, From: map[string]int64{}, Referred: map[string]int64{}, Exact: actor.Agency == agency}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := returnsdb.New(tx)
		settings, err := q.Settings(ctx, agency)
		if err != nil {
			return err
		}
		y.Women, y.Minutes = settings.Women, settings.Minutes
		lines, err := s.provisional(ctx, tx, agency, p)
		if err != nil {
			return err
		}
		for _, l := range lines {
			y.Total = y.Total.Plus(l.Tally)
			if l.Meeting != "" {
				y.Meetings++
			}
			for from, n := range l.From {
				y.From[from] += n
			}
		}
		states, err := q.Referred(ctx, returnsdb.ReferredParams{AgencyID: agency, First: p.From, Last: p.To})
		for _, r := range states {
			y.Referred[r.State] = r.Cases
		}
		if err != nil {
			return err
		}
		waits, err := q.Waits(ctx, returnsdb.WaitsParams{AgencyID: agency, First: p.From, Last: p.To})
		if err != nil {
			return err
		}
		y.Half, y.Most = within(waits)
		first, after, err := s.span(p)
		if err != nil {
			return err
		}
		seats, err := q.Attendance(ctx, returnsdb.AttendanceParams{AgencyID: agency, First: first, After: after})
		for _, r := range seats {
			y.Seats = append(y.Seats, Attendance{Agency: r.OfAgency, Asked: r.Asked, Came: r.Came, Apologies: r.Apologies, Sent: r.Sent})
		}
		if err != nil {
			return err
		}
		if y.Evidence, err = s.evidence(ctx, tx, agency, y); err != nil {
			return err
		}
		y.Review, err = review(ctx, tx, agency)
		return err
	})
	return y, err
}

// Count is a count of the year as its reader may see it.
func (y Year) Count(n int64) measures.Cell {
	if y.Exact {
		return measures.Exactly(n)
	}
	return measures.Suppress(n, measures.SmallDefault)
}

// within is after how many days half of the cases were heard, and nine in ten. A
// day that cannot be read is not counted.
func within(rows []returnsdb.WaitsRow) (half, most int) {
	var days []int
	for _, r := range rows {
		from, err := time.Parse(time.DateOnly, r.ReferredOn)
		to, bad := time.Parse(time.DateOnly, r.HeardOn)
		if err != nil || bad != nil {
			continue
		}
		for range r.Cases {
			days = append(days, int(to.Sub(from).Hours()/24))
		}
	}
	if len(days) == 0 {
		return 0, 0
	}
	slices.Sort(days)
	at := func(share int) int { return days[(len(days)*share+99)/100-1] }
	return at(50), at(90)
}

// Maracs are the agencies that are MARACs, for whoever may see how they are doing.
func (s *Service) Maracs(ctx context.Context) (out []string, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = returnsdb.New(tx).Maracs(ctx)
		return err
	})
	return out, err
}

// Last is the last quarter that is over.
func (s *Service) Last() string {
	now := s.Now()
	return s.Before(fmt.Sprintf("%d-Q%d", now.Year(), (int(now.Month())-1)/3+1))
}

// Before is the quarter before one; empty for what is none, and after ten years.
func (s *Service) Before(quarter string) string {
	if _, _, ok := s.Quarter(quarter); !ok {
		return ""
	}
	year, number := 0, 0
	if _, err := fmt.Sscanf(quarter, "%d-Q%d", &year, &number); err != nil || year < s.Now().Year()-10 {
		return ""
	}
	if number--; number == 0 {
		year, number = year-1, 4
	}
	return fmt.Sprintf("%d-Q%d", year, number)
}
