package guideline

// Reader is a kind of reader, for "show me what I must do".
type Reader struct {
	ID              string      `json:"id"` // stands in addresses and never changes
	Label           string      `json:"label"`
	Group           ReaderGroup `json:"group"`
	Description     string      `json:"description"`
	Recommendations []int       `json:"recommendations"`
	Boxes           []int       `json:"boxes"`
	Advice          []Advice    `json:"advice"`
}

// Advice is a sentence or two for a personal kind of reader, with the box it rests on (zero: none).
type Advice struct {
	Text string `json:"text"`
	Box  int    `json:"box"`
}

// Personal tells whether choosing this kind says something about the reader. Such a choice is
// never in an address.
func (r Reader) Personal() bool { return r.Group == ReaderPersonal }

// ReaderGroup says where a kind of reader comes from.
type ReaderGroup string

// The groups.
const (
	ReaderWork     ReaderGroup = "work"     // a row of the summary of who should act
	ReaderDetail   ReaderGroup = "detail"   // an actor that the detail names
	ReaderPersonal ReaderGroup = "personal" // it says something about oneself
)

// Label is the group in words for people.
func (g ReaderGroup) Label() string {
	switch g {
	case ReaderWork:
		return "Organisations and the people who work in them"
	case ReaderDetail:
		return "Particular bodies and roles"
	case ReaderPersonal:
		return "People, families and carers"
	}
	return string(g)
}

// safetySteps are the obligations that every reader is shown, whoever they are: highlighting what
// concerns one reader must not hide what keeps people safe. Those that are led need the words of
// what they are nested in to be understood.
var safetySteps = []struct {
	id  string
	led bool
}{
	{"B9.1", false},                    // safety comes first
	{"B8.3", true},                     // in private,
	{"B8.4", true},                     // one to one,
	{"B8.5", true},                     // where the person feels safe
	{"B8.7", false},                    // to be seen alone
	{"B7.26", false}, {"B7.27", false}, // professional interpreters, never relatives or friends
	{"B6.8", false},                    // apart from the person who causes harm
	{"B6.20", false}, {"B6.24", false}, // consent, serious risk, a child's safety
	{"B11.7", false}, // how to refer to child protection
}
