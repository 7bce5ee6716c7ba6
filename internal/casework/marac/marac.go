package marac

import (
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Service is the only door to a MARAC.
type Service struct {
	cases  *cases.Service
	guard  *audit.Guard
	zone   *time.Location
	levels directory.Levels
}

// New makes the service; zone is where days are counted.
func New(files *cases.Service, guard *audit.Guard, zone *time.Location) *Service {
	return &Service{cases: files, guard: guard, zone: zone}
}

// TrainedBy says where training levels are looked up. Without it nobody's is known,
// and nobody is flagged.
func (s *Service) TrainedBy(levels directory.Levels) { s.levels = levels }

// Zone is where days and times are counted.
func (s *Service) Zone() *time.Location { return s.zone }

// DB is where it is kept.
func (s *Service) DB() *store.DB { return s.cases.DB() }

// MeetingID names a meeting.
type MeetingID string

// Subject is the meeting in a ledger entry.
func (id MeetingID) Subject() audit.Subject {
	return audit.Subject{Kind: "marac_meeting", ID: string(id)}
}

// Marac is what a MARAC goes by.
type Marac struct {
	Agency        string // which it is
	Team          string // whose inbox takes what is referred to it
	Minutes       int    // for each case at a meeting
	ReferDays     int    // so many days before a meeting its list closes
	CirculateDays int    // so many days before it, the pack goes to those accepted
	CloseDays     int    // so many days after it, the pack closes
	Women         int    // women of 16 and over in its area; 0 not known
	Version       int64
}

// Meeting is one sitting.
type Meeting struct {
	ID         MeetingID
	Agency     string // whose it is
	Kind       Kind
	Starts     time.Time
	Minutes    int
	ClosesList time.Time
	Circulate  time.Time
	Close      time.Time
	State      MeetingState
	Words      MeetingWords
	Version    int64
}

// MeetingWords are where a meeting is.
type MeetingWords struct {
	Where string `json:"where,omitempty"`
	Join  string `json:"join,omitempty"` // how to join it from elsewhere
}

// Path is the address of the meeting.
func (m Meeting) Path() string { return "/marac/" + m.Agency + "/meetings/" + string(m.ID) }

// Open tells whether those accepted see the pack at a time: from circulation, which
// counts, until it closes, which does not.
func (m Meeting) Open(now time.Time) bool {
	return m.State != Cancelled && !now.Before(m.Circulate) && now.Before(m.Close)
}

// MeetingState is where a meeting stands.
type MeetingState string

// The states of a meeting.
const (
	Planned   MeetingState = "planned"
	Begun     MeetingState = "begun"
	Ended     MeetingState = "ended"
	Cancelled MeetingState = "cancelled"
)
