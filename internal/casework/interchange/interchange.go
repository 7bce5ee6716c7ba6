package interchange

import (
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// What becomes of messages that do not get through is a choice of this project.
const (
	firstWait = 30 * time.Second // after the first try; doubled after each
	mostWait  = time.Hour
	// holding is how long a process may have a message in hand. It is longer than
	// any try, so that nobody else tries meanwhile.
	holding = 5 * time.Minute
	// patience is after how long the sender is told that a message does not get
	// through.
	patience = 4 * time.Hour
	// faultsMost is after how many tries a message is set aside that cannot be
	// read here.
	faultsMost = 5
)

// Config is what a deployment decides about interchange.
type Config struct {
	// Site is the address by which the service is known, without a slash at its
	// end; empty where there is none.
	Site string
}

// Service is the only door to interchange.
type Service struct {
	db       *store.DB
	guard    *audit.Guard
	cases    *cases.Service
	sharing  *sharing.Service
	referral *referral.Service
	site     string
}

// New makes the service. From here on what is sent to a team that is reached by
// messages goes into the outbox, too.
func New(db *store.DB, guard *audit.Guard, files *cases.Service, shares *sharing.Service, referrals *referral.Service, cfg Config) *Service {
	s := &Service{db: db, guard: guard, cases: files, sharing: shares, referral: referrals, site: cfg.Site}
	files.Follow(cases.ReferralSent, s.sent)
	files.Follow(cases.ShareWithdrawn, s.withdrawn)
	return s
}

// At says by which address the service is known. It is called before anything is
// served.
func (s *Service) At(site string) { s.site = site }

// Now is the time by the clock of the store.
func (s *Service) Now() time.Time { return s.db.Clock()() }

// source is what the deployment calls itself in a message of an agency.
func (s *Service) source(agency string) string {
	if s.site != "" {
		return s.site + "/fhir"
	}
	return urn(agency)
}

// deployment is who takes messages out, and says on a case what came of it.
var deployment = policy.Actor{Account: "operator:interchange", Kind: policy.Operator, Name: "Interchange"}
