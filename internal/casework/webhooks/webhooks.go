package webhooks

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Event is a kind of thing that happens to a referral.
type Event string

// The events.
const (
	Received     Event = "referral.received"     // it lies in the inbox of a team of the agency
	Acknowledged Event = "referral.acknowledged" // a person there has it
	Decided      Event = "referral.decided"      // it was accepted or declined
	Stage        Event = "referral.stage"        // the receiver told the sender how far it has come
	Withdrawn    Event = "referral.withdrawn"
	Ping         Event = "ping" // a test
)

// Events lists those to which a program can listen.
func Events() []Event { return []Event{Received, Acknowledged, Decided, Stage, Withdrawn} }

// Label is the event in words for people.
func (e Event) Label() string {
	switch e {
	case Received:
		return "A referral came to a team of the program"
	case Acknowledged:
		return "A person acknowledged it"
	case Decided:
		return "It was accepted or declined"
	case Stage:
		return "The service told how far it has come"
	case Withdrawn:
		return "It was withdrawn"
	case Ping:
		return "Test"
	}
	return string(e)
}

// State is where a delivery stands.
type State string

// The states.
const (
	Waiting State = "waiting"
	Taken   State = "taken"
	GivenUp State = "given_up"
)

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case Waiting:
		return "Waits"
	case Taken:
		return "Taken"
	case GivenUp:
		return "Given up"
	}
	return string(s)
}

// What becomes of what does not get through is a choice of this project.
const (
	firstWait = 30 * time.Second // after the first try; four times as long after each
	mostWait  = 8 * time.Hour
	mostTries = 12 // over some two days
	holding   = 2 * time.Minute
	overlap   = 24 * time.Hour // in which the old secret signs, too
	keep      = 30 * 24 * time.Hour
	roundMost = 100 // deliveries of one round
	perMost   = 10  // subscriptions of a program
	logMost   = 100 // deliveries that are listed
)

// wait is how long after the nth try the next one is made. It varies by a fifth
// either way, so that what failed together does not come back together; by how much
// follows from the delivery, so that it needs no chance.
func wait(delivery string, n int64) time.Duration {
	d := firstWait
	for range min(n-1, 10) {
		d = min(4*d, mostWait)
	}
	sum := sha256.Sum256([]byte(delivery + "/" + strconv.FormatInt(n, 10)))
	return d - d/5 + d*2/5*time.Duration(sum[0])/255
}

// Subscription is where a program is told.
type Subscription struct {
	ID, Agency  string
	Program     string // account
	ProgramName string
	Address     string
	Events      []Event
	Active      bool
	Why         string // of a pause
	CreatedAt   time.Time
	OldUntil    time.Time // how long the old secret signs, too; zero where there is none
	Version     int64
}

// LogValue implements [slog.LogValuer].
func (s Subscription) LogValue() slog.Value { return slog.StringValue(s.ID) }

// Paused is why nothing is sent, in words for people; empty where it is.
func (s Subscription) Paused() string {
	if s.Active {
		return ""
	}
	switch s.Why {
	case "failing":
		return "Paused: it did not get through " + strconv.Itoa(mostTries) + " times"
	case "gone":
		return "Paused: the other system said that nobody listens there any more"
	}
	return "Paused by an administrator"
}

// Delivery is one thing that happened, for one subscription.
type Delivery struct {
	ID       string
	Event    Event
	Referral string // empty for a test
	State    State
	Happened time.Time
	NextAt   time.Time // while it waits
	Settled  time.Time
	Tries    []Try
}

// Try is one attempt to tell.
type Try struct {
	At  time.Time
	Why string // a code
}

// Member says what an account does at work, as the rules know it.
type Member func(ctx context.Context, tx *store.Tx, account string) (auth.Work, error)

// Config is what a deployment decides about webhooks.
type Config struct {
	// Site is the address by which the service is known, without a slash at its
	// end; without one, links are paths.
	Site string
	// Member is asked for the teams of a program.
	Member Member
}

// Service is the only door to webhooks.
type Service struct {
	db     *store.DB
	guard  *audit.Guard
	site   string
	member Member
}

// New makes the service. From here on what happens to referrals is told.
func New(db *store.DB, guard *audit.Guard, files *cases.Service, shares *sharing.Service, cfg Config) *Service {
	s := &Service{db: db, guard: guard, site: cfg.Site, member: cfg.Member}
	files.Follow(cases.ReferralSent, s.sent)
	files.Follow(cases.ShareWithdrawn, s.withdrawn)
	files.Follow(cases.FeedbackSent, s.told)
	shares.Follow(s.moved)
	return s
}

// At says by which address the service is known. It is called before anything is
// served.
func (s *Service) At(site string) { s.site = site }

// link is where a program asks about a referral.
func (s *Service) link(share string) string {
	if share == "" {
		return s.site + Root + "/"
	}
	return s.site + Root + "/referrals/" + share
}

// Root is under which address programs ask.
const Root = "/api/v1"

// deployment is who tells programs.
var deployment = policy.Actor{Account: "operator:webhooks", Kind: policy.Operator, Name: "Webhooks"}

func splitEvents(text string) []Event {
	var out []Event
	for _, e := range strings.Split(text, ",") {
		if e != "" {
			out = append(out, Event(e))
		}
	}
	return out
}

func joinEvents(events []Event) string {
	var out []string
	for _, e := range Events() { // once each, in their order
		if slices.Contains(events, e) {
			out = append(out, string(e))
		}
	}
	return strings.Join(out, ",")
}
