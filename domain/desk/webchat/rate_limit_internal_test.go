package webchat

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"pult/domain"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// A counter that refuses must not let the others pay: a visitor who is told to wait would otherwise use up the address
// of a whole office by trying again.
func TestRateLimits_ChargedAreAllOrNone(t *testing.T) {
	l := newRateLimits()
	visitor, office := counter{"visitor", budget{1, time.Minute}}, counter{"office", budget{3, time.Hour}}
	if err := l.charge(noon, visitor, office); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if err := l.charge(noon.Add(time.Second), visitor, office); domain.KindOf(err) != domain.TooMany {
			t.Fatalf("got %v, want TooMany", err)
		}
	}
	for range 2 {
		if err := l.charge(noon.Add(time.Second), office); err != nil {
			t.Errorf("the refused tries were charged to the office: %v", err)
		}
	}
	if err := l.charge(noon.Add(time.Second), office); domain.KindOf(err) != domain.TooMany {
		t.Errorf("the first try was not charged to the office: got %v, want TooMany", err)
	}
	if err := l.charge(noon.Add(time.Minute), visitor); err != nil {
		t.Errorf("the refused tries were charged to the visitor: %v", err)
	}
}

func TestRateLimits_OneProxyBeforeAllShutsNobodyOut(t *testing.T) {
	l, channel := newRateLimits(), domain.ID{1}
	for i := range newPerChannel.burst {
		token := strconv.Itoa(i)
		for what, err := range map[string]error{
			"newcomer": l.chargeNewcomer(noon, channel, ""), "message": l.chargeMessage(noon, channel, token, ""),
			"file": l.chargeFile(noon, token, ""), "proof": l.chargeProof(noon, ""),
		} {
			if err != nil {
				t.Fatalf("%s of visitor %d behind a proxy: %v", what, i, err)
			}
		}
	}
	if err := l.chargeNewcomer(noon, channel, ""); domain.KindOf(err) != domain.TooMany {
		t.Errorf("a flood through a proxy: got %v, want the channel's own bound", err)
	}
}

func TestRateLimits_LongestWaitIsTold(t *testing.T) {
	l := newRateLimits()
	visitor, office := counter{"visitor", budget{1, 10 * time.Second}}, counter{"office", budget{1, time.Minute}}
	if err := l.charge(noon, visitor, office); err != nil {
		t.Fatal(err)
	}
	var refused *domain.Error
	if err := l.charge(noon.Add(1500*time.Millisecond), visitor, office); !errors.As(err, &refused) || refused.Args["seconds"] != 59 {
		t.Errorf("got %v, want 59 seconds to wait", err)
	}
}

func TestRateLimits_MemoryIsBounded(t *testing.T) {
	l := newRateLimits()
	for i := range maxCounters + 100 {
		if err := l.charge(noon, counter{strconv.Itoa(i), budget{1, time.Hour}}, counter{"flooded", budget{maxCounters, time.Hour}}); i < maxCounters &&
			err != nil {
			t.Fatal(err)
		}
	}
	if n := l.limiters.Len(); n > maxCounters {
		t.Errorf("%d counters are kept, want at most %d", n, maxCounters)
	}
	if err := l.charge(noon, counter{"flooded", budget{maxCounters, time.Hour}}); domain.KindOf(err) != domain.TooMany {
		t.Errorf("the counter in use was forgotten: got %v, want TooMany", err)
	}
}
