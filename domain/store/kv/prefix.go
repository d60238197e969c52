package kv

import "bytes"

// PrefixEnd returns the smallest key that is greater than every key with the
// prefix. It returns nil if there is none, which is so for an empty prefix and
// for one of nothing but 0xff.
func PrefixEnd(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] == 0xff {
			continue
		}
		end := bytes.Clone(prefix[:i+1])
		end[i]++
		return end
	}
	return nil
}
