package store

import (
	"testing"
	"testing/fstest"
)

// What is broken on purpose for the tests of faults is not in an ordinary
// build.
func TestAnOrdinaryBuildIsNotBroken(t *testing.T) {
	if broken {
		t.Fatal("this build is broken on purpose")
	}
	if lose() || repeat() || believe() || holdBack(nil, "INSERT INTO event", nil) {
		t.Error("the ordinary build loses, repeats or holds back writes, or believes what it should not")
	}
	folder := fstest.MapFS{"1.sql": {}}
	if got, ok := inPieces(folder).(fstest.MapFS); !ok || len(got) != 1 || got["1.sql"] != folder["1.sql"] {
		t.Error("the ordinary build changes migrations")
	}
	if done, err := (&DB{}).finishBroken(t.Context(), nil); done || err != nil {
		t.Error("the ordinary build commits in a way of its own")
	}
}
