package auth

import (
	"context"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"pult/domain"
	"pult/domain/search"
)

//go:embed common_passwords.txt
var commonText string

// listCommonWords are words that passwords are made of which are tried first, the longest first: those that stand at the
// top of the lists of stolen passwords in the languages of the desk.
var listCommonWords = sync.OnceValue(func() []string {
	return foldWords(strings.Fields(commonText))
})

// keyRows are signs in the order in which fingers and counting go.
var keyRows = []string{
	"01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm",
	"zxcvbnm", "yxcvbnm", "wxcvbn",
}

const (
	// leastOwn is how many letters and digits a password must have besides words that everybody tries and runs of keys.
	leastOwn = 5
	// leastSigns is how many different signs it must have.
	leastSigns = 5
	// shortestWord is the length below which a word of a person's own counts for nothing: it is in too many others.
	shortestWord = 3
	// shortestRun is the length from which neighbours on the keyboard are a run; shorter ones stand in many words.
	shortestRun = 4
)

// CheckPassword refuses what cannot be used as a password of an operator: too short or too long, a common one, or one
// that is made of what everybody knows of them. Invalid, on the field "password".
func (a *Auth) CheckPassword(ctx context.Context, password string, o *domain.Operator) error {
	w, err := a.Workspace(ctx)
	if err != nil {
		return err
	}
	return checkPassword(password, o.Name, o.Email, w.Company)
}

// checkPassword is CheckPassword with what everybody knows.
func checkPassword(password string, known ...string) error {
	if n := len([]rune(password)); n < domain.MinPassword || n > domain.MaxPassword {
		return domain.FieldFault("password", "error.field.password")
	}
	own := foldWords(splitWords(known))
	for _, form := range []string{search.Fold(password), spellOut.Replace(search.Fold(password))} {
		switch {
		case countSigns(form) < leastSigns, !hasOwn(form, listCommonWords()):
			return domain.FieldFault("password", "error.field.password_common")
		case !hasOwn(form, slices.Concat(own, listCommonWords())):
			return domain.FieldFault("password", "error.field.password_own")
		}
	}
	return nil
}

// spellOut undoes what people do to a word to make it look like none.
var spellOut = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "€", "e")

// hasOwn reports whether enough is left of a password without the words and without runs of keys. One that holds
// neither is its maker's own.
func hasOwn(form string, words []string) bool {
	left := form
	for _, word := range words {
		left = strings.ReplaceAll(left, word, " ")
	}
	left = dropRuns(left)
	if left == form {
		return true
	}
	n := 0
	for _, r := range left {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n >= leastOwn
}

// dropRuns drops stretches of keys that lie beside each other, forwards or backwards.
func dropRuns(text string) string {
	runes := []rune(text)
	var left strings.Builder
	for i := 0; i < len(runes); {
		if n := measureRun(runes[i:]); n >= shortestRun {
			left.WriteByte(' ')
			i += n
			continue
		}
		left.WriteRune(runes[i])
		i++
	}
	return left.String()
}

// measureRun is how long the longest run of keys is with which a text begins.
func measureRun(text []rune) (longest int) {
	for _, row := range keyRows {
		for _, step := range []int{1, -1} {
			n := 1
			for n < len(text) && areNeighbours([]rune(row), text[n-1], text[n], step) {
				n++
			}
			longest = max(longest, n)
		}
	}
	return longest
}

func areNeighbours(row []rune, a, b rune, step int) bool {
	for i, r := range row {
		if next := i + step; r == a && next >= 0 && next < len(row) && row[next] == b {
			return true
		}
	}
	return false
}

func countSigns(text string) int {
	signs := map[rune]bool{}
	for _, r := range text {
		signs[r] = true
	}
	return len(signs)
}

// splitWords takes names, addresses and companies apart.
func splitWords(texts []string) (words []string) {
	for _, text := range texts {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if len([]rune(word)) >= shortestWord {
				words = append(words, word)
			}
		}
	}
	return words
}

// foldWords folds words and puts the longest first, so that no word hides one that it is part of.
func foldWords(words []string) []string {
	folded := make([]string, 0, len(words))
	for _, word := range words {
		folded = append(folded, search.Fold(word))
	}
	slices.SortFunc(folded, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(folded)
}
