package marac

import (
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
)

// Service is the only door to a MARAC.
type Service struct {
	cases *cases.Service
	guard *audit.Guard
	zone  *time.Location
}

// New makes the service; zone is where days are counted.
func New(files *cases.Service, guard *audit.Guard, zone *time.Location) *Service {
	return &Service{cases: files, guard: guard, zone: zone}
}

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
	Kind       Kind
	Starts     time.Time
	Minutes    int
	ClosesList time.Time
	Circulate  time.Time
	Close      time.Time
	State      MeetingState
	Version    int64
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
