package domain

import "strings"

// Limits of tags: how many a record has, and the characters of one.
const (
	MaxTags = 20
	MaxTag  = 40
)

// CleanTags trims, drops empty and repeated tags (comparing without case) and cuts each to MaxTag characters.
func CleanTags(tags []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range tags {
		t = Clip(strings.Join(strings.Fields(t), " "), MaxTag)
		if key := strings.ToLower(t); t != "" && !seen[key] {
			seen[key] = true
			out = append(out, t)
		}
	}
	return out
}
