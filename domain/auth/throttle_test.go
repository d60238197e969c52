package auth

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pult/domain"
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func newThrottle() *throttle { return &throttle{counts: map[string]*failures{}} }

func seconds(err error) int {
	var e *domain.Error
	if !errors.As(err, &e) {
		return 0
	}
	n, _ := e.Args["seconds"].(int)
	return n
}

func TestThrottle_WaitsGrowPerAccount(t *testing.T) {
	th := newThrottle()
	now := start
	for range perAccount.free {
		if err := th.begin("a@example.org", fmt.Sprint(now), now); err != nil {
			t.Fatalf("refused too early: %v", err)
		}
	}
	for want := 1; want <= 64; want *= 2 {
		if err := th.begin("a@example.org", "192.0.2.1", now); err != nil {
			t.Fatalf("refused after the wait: %v", err)
		}
		err := th.begin("A@example.org ", "192.0.2.99", now)
		if domain.KindOf(err) != domain.TooMany || seconds(err) != want {
			t.Fatalf("got %v, want a wait of %d s", err, want)
		}
		now = now.Add(time.Duration(want) * time.Second)
	}
	if err := th.begin("b@example.org", "192.0.2.2", now); err != nil {
		t.Errorf("another account waits too: %v", err)
	}
}

// Ten thousand guesses at once, each from another address: hardly more than the free ones get through.
func TestThrottle_ManyGuessesAtOneAccount(t *testing.T) {
	th := newThrottle()
	passed := 0
	for i := range 10_000 {
		if th.begin("a@example.org", fmt.Sprintf("192.0.2.%d", i), start) == nil {
			passed++
		}
	}
	if passed != perAccount.free+1 {
		t.Errorf("got %d guesses through, want %d", passed, perAccount.free+1)
	}
}

func TestThrottle_OneAddressGuessingAtManyAccounts(t *testing.T) {
	th := newThrottle()
	passed := 0
	for i := range 1_000 {
		if th.begin(fmt.Sprintf("a%d@example.org", i), "192.0.2.1", start) == nil {
			passed++
		}
	}
	if passed != perAddress.free+1 {
		t.Errorf("got %d guesses through, want %d", passed, perAddress.free+1)
	}
}

func TestThrottle_EverybodyTogetherHasABound(t *testing.T) {
	th := newThrottle()
	passed := 0
	for i := range 10_000 {
		if th.begin(fmt.Sprintf("a%d@example.org", i), fmt.Sprintf("192.0.2.%d", i), start) == nil {
			passed++
		}
	}
	if passed != overall.free+1 {
		t.Errorf("got %d guesses through, want %d", passed, overall.free+1)
	}
}

func TestThrottle_SuccessForgetsTheAccountOnly(t *testing.T) {
	th := newThrottle()
	for range perAccount.free {
		_ = th.begin("a@example.org", "192.0.2.1", start)
	}
	th.succeed("a@example.org", "192.0.2.1")
	if f := th.counts["account a@example.org"]; f != nil {
		t.Errorf("the account still counts %d failures", f.count)
	}
	if got, want := th.counts["address 192.0.2.1"].count, perAccount.free-1; got != want {
		t.Errorf("the address counts %d, want %d", got, want)
	}
}

func TestThrottle_ForgetsAfterAnHour(t *testing.T) {
	th := newThrottle()
	for range 100 {
		_ = th.begin("a@example.org", "192.0.2.1", start)
	}
	later := start.Add(forgetAfter + perAccount.most)
	for range perAccount.free {
		if err := th.begin("a@example.org", "192.0.2.1", later); err != nil {
			t.Fatalf("still waiting: %v", err)
		}
	}
}

func TestThrottle_MemoryIsBounded(t *testing.T) {
	th := newThrottle()
	for i := range maxCounters * 2 {
		th.fail(fmt.Sprint("account ", i), perAccount, start.Add(time.Duration(i)*time.Millisecond))
		if i >= maxCounters {
			th.makeRoom(start.Add(time.Duration(i) * time.Millisecond))
			break
		}
	}
	if got := len(th.counts); got > maxCounters {
		t.Errorf("got %d counters, want at most %d", got, maxCounters)
	}
	if th.counts["account 0"] != nil {
		t.Error("the oldest counter was kept")
	}
}
