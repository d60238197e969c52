package auth

import "testing"

// An attacker must not learn from the time of a refusal whether an account exists.
func TestDecoy_CostsWhatAnyHashCosts(t *testing.T) {
	c, salt, key, ok := parsePHC(newDecoy())
	if !ok || c != currentCost || len(salt) != saltLen || len(key) != keyLen {
		t.Errorf("got cost %+v, salt of %d and key of %d bytes, readable %v", c, len(salt), len(key), ok)
	}
	if one, other := newDecoy(), newDecoy(); one == other {
		t.Error("two decoys are the same: the key is not random")
	}
}
