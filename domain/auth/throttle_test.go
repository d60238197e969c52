package auth

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pult/domain"
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func seconds(err error) int {
	var e *domain.Error
	if !errors.As(err, &e) {
		return 0
	}
	n, _ := e.Args["seconds"].(int)
	return n
}

func TestThrottle_WaitsGrowForWhoGuesses(t *testing.T) {
	th := newThrottle()
	now := start
	for range perGuesser.free {
		if err := th.begin("a@example.org", "192.0.2.1", now); err != nil {
			t.Fatalf("refused too early: %v", err)
		}
	}
	for want := 1; want <= 64; want *= 2 {
		if err := th.begin("a@example.org", "192.0.2.1", now); err != nil {
			t.Fatalf("refused after the wait: %v", err)
		}
		err := th.begin("A@example.org ", "192.0.2.1", now)
		if domain.KindOf(err) != domain.TooMany || seconds(err) != want {
			t.Fatalf("got %v, want a wait of %d s", err, want)
		}
		now = now.Add(time.Duration(want) * time.Second)
	}
	if err := th.begin("b@example.org", "192.0.2.1", now); err != nil {
		t.Errorf("another account waits too: %v", err)
	}
}

func TestThrottle_WrongGuessesFromOneAddressDoNotShutOutAnother(t *testing.T) {
	th := newThrottle()
	for range 1_000 {
		_ = th.begin("a@example.org", "192.0.2.1", start)
	}
	if err := th.begin("a@example.org", "192.0.2.2", start); err != nil {
		t.Errorf("the right password is not looked at: %v", err)
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
	if wait := seconds(th.begin("a@example.org", "198.51.100.1", start)); wait > int(perAccount.most.Seconds()) {
		t.Errorf("a stranger's guesses shut the owner out for %d s, want at most %v", wait, perAccount.most)
	}
}

func TestThrottle_KnownAddressIsNotHeldUpByStrangers(t *testing.T) {
	th := newThrottle()
	if err := th.begin("a@example.org", "192.0.2.1", start); err != nil {
		t.Fatal(err)
	}
	th.succeed("a@example.org", "192.0.2.1", start)
	for i := range 10_000 {
		_ = th.begin(fmt.Sprintf("a%d@example.org", i%3), fmt.Sprintf("198.51.100.%d", i), start)
		_ = th.begin("a@example.org", fmt.Sprintf("198.51.100.%d", i), start)
	}
	if err := th.begin("a@example.org", "192.0.2.1", start); err != nil {
		t.Errorf("whoever signed in from here before waits for strangers: %v", err)
	}
	if err := th.begin("a@example.org", "192.0.2.7", start); domain.KindOf(err) != domain.TooMany {
		t.Errorf("a new address passes in the middle of it: got %v, want TooMany", err)
	}
	for range perGuesser.free {
		_ = th.begin("a@example.org", "192.0.2.1", start)
	}
	if err := th.begin("a@example.org", "192.0.2.1", start); domain.KindOf(err) != domain.TooMany {
		t.Errorf("a known address guesses without end: got %v, want TooMany", err)
	}
}

func TestThrottle_AddressThatManyShareIsNotCounted(t *testing.T) {
	th := newThrottle()
	for i := range 100 {
		if err := th.begin(fmt.Sprintf("a%d@example.org", i), "", start); err != nil {
			t.Fatalf("the %dth person behind a proxy is shut out: %v", i, err)
		}
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

func TestThrottle_SuccessForgetsTheGuesserOnly(t *testing.T) {
	th := newThrottle()
	for range perGuesser.free {
		_ = th.begin("a@example.org", "192.0.2.1", start)
	}
	th.succeed("a@example.org", "192.0.2.1", start)
	if f := th.counts["guesser a@example.org at 192.0.2.1"]; f != nil {
		t.Errorf("the guesser still counts %d failures", f.count)
	}
	for _, key := range []string{"address 192.0.2.1", "account a@example.org", "all"} {
		if got, want := th.counts[key].count, perGuesser.free-1; got != want {
			t.Errorf("%s counts %d, want %d", key, got, want)
		}
	}
}

func TestThrottle_ForgetsAfterAnHour(t *testing.T) {
	th := newThrottle()
	for range 100 {
		_ = th.begin("a@example.org", "192.0.2.1", start)
	}
	later := start.Add(forgetAfter + perGuesser.most)
	for range perGuesser.free {
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
