package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/attachments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/circumstances"
	"waymark/internal/casework/court"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/groups"
	"waymark/internal/casework/intake"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/letters"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/casework/marac/register"
	"waymark/internal/casework/marac/research"
	"waymark/internal/casework/oversight"
	"waymark/internal/casework/pathway"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/rights"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/supervision"
	"waymark/internal/casework/support"
	"waymark/internal/casework/waiting"
	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
	"waymark/internal/registers/provision"
	"waymark/internal/registers/release"
	"waymark/internal/registers/settings"
	"waymark/internal/registers/training"
)

// Deps are the capabilities the county is made with.
type Deps struct {
	Clock     *Clock
	DB        *store.DB
	Log       *audit.Log
	Directory *directory.Register
	Training  *training.Register
	People    *people.Store
	Cases     *cases.Service
	Enquiry   *enquiry.Service
	Risk      *risk.Service
	Plans     *safetyplan.Service
	Sharing   *sharing.Service
	Referral  *referral.Service
	Oversight *oversight.Service

	Attachments   *attachments.Service
	Rights        *rights.Service
	Support       *support.Service
	Appointments  *appointments.Service
	Groups        *groups.Service
	Settings      *settings.Register
	Release       *release.Register
	Provision     *provision.Register
	Letters       *letters.Service
	Waiting       *waiting.Register
	Court         *court.Service
	Supervision   *supervision.Service
	Pathways      *pathway.Service
	Agreements    *agreements.Register
	Circumstances *circumstances.Service
	Intake        *intake.Service
	Interchange   *interchange.Service
	Webhooks      *webhooks.Service
	Research      *research.Service
	Marac         *marac.Service
	Meetings      *meeting.Service
	Register      *register.Service
	Actions       *actions.Service
}

// ErrNotEmpty is returned when something is on record already.
var ErrNotEmpty = errors.New("there is something in the database already, and the demo is made in an empty one only")

// operator makes the county's agencies and accounts, as the command line does.
var operator = policy.Actor{Account: "operator:demo", Kind: policy.Operator, Name: "demo"}

// county is the county while it is being made.
type county struct {
	Deps
	random  *rand.Rand
	again   *rand.Rand // for looking at risk again: what it draws moves nothing else
	actors  map[string]policy.Actor
	agency  map[string]directory.Agency
	teams   map[string]directory.Team // by "agency/team"
	members map[string]Member
	taken   map[string]bool // names
	diary   diary
	planned int
	places  map[string]string // and rooms, by name
	groups  map[string]groups.ID
	sat     map[marac.MeetingID]bool // meetings that are held
	his     cases.ID                 // the case of the man who comes to the same place
	held    []cases.ID               // of the busy caseload, in their order
	looked  map[string]bool          // days on which a key contact looks at what was sent
}

// Seed makes the county in an empty database. The same seed makes the same
// county, down to the identifiers when the database takes them from [IDs].
func Seed(ctx context.Context, d Deps, seed uint64) error {
	head, err := d.Log.Head(ctx)
	if err != nil {
		return fmt.Errorf("making the demo: %w", err)
	}
	if head.Size > 0 {
		return ErrNotEmpty
	}
	c := &county{
		Deps: d, random: rand.New(rand.NewPCG(seed, seed)), again: rand.New(rand.NewPCG(seed, seed+1)), //nolint:gosec // the point is that it repeats
		actors: map[string]policy.Actor{}, agency: map[string]directory.Agency{}, teams: map[string]directory.Team{}, members: map[string]Member{},
		taken: map[string]bool{}, places: map[string]string{}, groups: map[string]groups.ID{}, sat: map[marac.MeetingID]bool{}, looked: map[string]bool{},
	}
	if err := c.staff(ctx); err != nil {
		return fmt.Errorf("making the demo: %w", err)
	}
	if err := c.conference(ctx); err != nil {
		return fmt.Errorf("making the MARAC of the demo: %w", err)
	}
	c.year()
	c.ofNote()
	c.busy()
	c.reading()
	c.desksCleared()
	c.instruments()
	c.meetings()
	c.safetyPlans()
	c.advocacy()
	c.together()
	c.agreed()
	c.around()
	c.pathways()
	c.shared()
	c.askedEarlier()
	c.researched()
	if err := c.live(ctx); err != nil {
		return fmt.Errorf("making the year of the demo: %w", err)
	}
	if err := c.agreedNow(ctx); err != nil {
		return fmt.Errorf("making the agreements of the demo: %w", err)
	}
	if err := c.askedNow(ctx); err != nil {
		return fmt.Errorf("making what is asked in the demo: %w", err)
	}
	if err := c.systems(ctx); err != nil {
		return fmt.Errorf("making the systems of the demo: %w", err)
	}
	if err := c.lookedOver(ctx); err != nil {
		return fmt.Errorf("making the oversight of the demo: %w", err)
	}
	return nil
}

// staff makes the agencies, their teams and the people at work.
func (c *county) staff(ctx context.Context) error {
	for _, a := range agencies {
		made, err := c.Directory.AddAgency(ctx, operator, directory.NewAgency{Code: a.code, Name: a.name, Sector: a.sector})
		if err != nil {
			return err
		}
		c.agency[a.code] = made
		for _, t := range a.teams {
			team, err := c.Directory.AddTeam(ctx, operator, directory.NewTeam{Agency: made.ID, Code: t.code, Name: t.name, TakesReferrals: t.takesReferrals})
			if err != nil {
				return err
			}
			c.teams[a.code+"/"+t.code] = team
		}
	}
	for _, m := range Cast {
		n := directory.NewUser{Agency: c.agency[m.Agency].ID, Username: m.Username, Name: m.Name, Roles: m.Roles, Until: m.Until}
		actor := policy.Actor{Kind: policy.Human, Name: m.Name, Agency: string(n.Agency), Roles: m.Roles, Level: m.Level}
		for _, code := range m.Teams {
			team := c.teams[m.Agency+"/"+code]
			n.Teams = append(n.Teams, team.ID)
			actor.Teams = append(actor.Teams, string(team.ID))
		}
		if day := trained[m.Username]; day != "" {
			n.Training = &directory.Trained{Level: m.Level, AchievedOn: day, Source: "Exmoorland training for key contacts (fictional)"}
		} else if day := atMarac[m.Username]; day != "" {
			n.Training = &directory.Trained{Level: m.Level, AchievedOn: day, ExpiresOn: lapses[m.Username], Source: "Exmoorland training programme (fictional)"}
		} else if m.Level > 0 {
			reached := c.Clock.Now().AddDate(0, -1-c.random.IntN(18), 0)
			n.Training = &directory.Trained{Level: m.Level, AchievedOn: reached.Format("2006-01-02"), Source: "Exmoorland training programme (fictional)"}
		}
		added, err := c.Directory.AddUser(ctx, operator, n)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Username, err)
		}
		actor.Account = added.Account.ID
		// Greta advises too, and nobody wrote down that she was trained for it.
		if day := trained[m.Username]; day != "" {
			err := c.Training.Record(ctx, operator, actor.Account, directory.Trained{Topic: directory.OfSharing, AchievedOn: day, Source: "Exmoorland training for key contacts (fictional)"})
			if err != nil {
				return fmt.Errorf("%s: %w", m.Username, err)
			}
		}
		c.actors[m.Username], c.members[m.Username] = actor, m
	}
	return nil
}
