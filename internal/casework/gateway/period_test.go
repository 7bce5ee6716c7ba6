package gateway_test

import (
	"testing"
	"time"

	"waymark/internal/casework/gateway"
)

// Figures are given for what is over: whoever could ask for any day could find a
// person in them.
func TestAPeriodIsAYearAQuarterOrAMonthThatIsOver(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 6, 30, 22, 59, 59, 0, time.UTC) // a second before midnight there
	for text, want := range map[string]string{
		"": "2026-01-01 2026-03-31", "2025": "2025-01-01 2025-12-31", "2026-Q1": "2026-01-01 2026-03-31", "2024-02": "2024-02-01 2024-02-29", "2026-05": "2026-05-01 2026-05-31",
		"2025-Q4": "2025-10-01 2025-12-31",
		"2026":    "", "2026-Q2": "", "2026-06": "", "2026-Q5": "", "2026-13": "", "2026-00": "", "2026-05-01": "", "x": "", " 2025": "",
	} {
		p, ok := gateway.Period(text, now, london)
		if ok != (want != "") || ok && p.From+" "+p.To != want {
			t.Errorf("%q: %+v %v", text, p, ok)
		}
	}
	if p, ok := gateway.Period("2026-Q2", now.Add(time.Second), london); !ok || p.To != "2026-06-30" {
		t.Errorf("when it is over: %+v %v", p, ok)
	}
	if p, ok := gateway.Period("", time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), london); !ok || p.From != "2025-10-01" || p.To != "2025-12-31" {
		t.Errorf("in January: %+v %v", p, ok)
	}
}
