package house

import "testing"

// Every control that the papers claim has a test, and the test is there.
func TestPapers(t *testing.T) {
	problems, err := PaperTests(project(t))
	report(t, problems, err)
}

func TestPapersCatchesPlantedFaults(t *testing.T) { planted(t, "papers", PaperTests) }
