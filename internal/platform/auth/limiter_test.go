package auth

import (
	"strconv"
	"testing"
	"time"
)

func TestTheListOfTriesIsBoundedAndKeepsThoseThatMatter(t *testing.T) {
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now })
	for range triesAtOnce {
		l.take("name:ada")
	}
	for i := range 3 * keysMax {
		if i%1000 == 0 {
			now = now.Add(time.Second) // those from long ago have their tries back
		}
		l.take("name:" + strconv.Itoa(i))
		if len(l.keys) > keysMax {
			t.Fatalf("%d keys are kept", len(l.keys))
		}
	}
	if _, ok, _ := l.take("name:ada"); !ok {
		t.Error("after five minutes a try is allowed")
	}

	now = now.Add(time.Hour)
	for range triesAtOnce {
		l.take("name:ben")
	}
	for i := range keysMax + 1 {
		if try, ok, _ := l.take("right:" + strconv.Itoa(i)); ok {
			try.giveBack()
		}
	}
	if _, ok, _ := l.take("name:ben"); ok {
		t.Error("a crowd of others made it forget")
	}
}

func TestARefusedTryTakesNothing(t *testing.T) {
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now })
	for range triesAtOnce {
		if _, ok, _ := l.take("name:ada"); !ok {
			t.Fatal("refused too early")
		}
	}
	for i := range 100 {
		if _, ok, first := l.take("address:x", "name:ada"); ok || first != (i == 0) {
			t.Fatalf("try %d: allowed %v, first %v", i, ok, first)
		}
	}
	for range triesAtOnce {
		if _, ok, _ := l.take("address:x"); !ok {
			t.Fatal("what was refused was counted for the address")
		}
	}
	if _, ok, _ := l.take("address:x"); ok {
		t.Fatal("allowed too often")
	}
}
