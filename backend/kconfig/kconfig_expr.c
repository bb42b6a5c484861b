/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evaluates conditions of the Kconfig language: symbols, "texts", = != < >, !, &&, || and parentheses. */
#include "kconfig/kconfig_tree.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

/* Macros such as $(cc-option,...) are not evaluated: what depends on them is unknown. CURABLE is what would hold if the symbols
 * wanted were set. */
enum truth { NO, CURABLE, UNKNOWN, YES };

enum { DEEPEST = 64 };

struct reader {
	const char *s;
	kconfig_lookup *lookup;
	const void *ctx;
	int depth;
	const struct kconfig_cure *cure; /* NULL: nothing can be set */
	bool whole;			 /* m is not enough */
};

/* Of what is said of symbols to be set only that counts which a condition that is CURABLE needs. */
static size_t mark(const struct reader *r)
{
	return r->cure ? r->cure->wanted->n : 0;
}

static void back_to(const struct reader *r, size_t mark)
{
	if (r->cure)
		r->cure->wanted->n = mark;
}

static void blanks(struct reader *r)
{
	r->s += strspn(r->s, " \t\n");
}

static bool take(struct reader *r, const char *word)
{
	size_t n = strlen(word);

	blanks(r);
	if (strncmp(r->s, word, n) != 0)
		return false;
	r->s += n;
	return true;
}

/* Length of an operand: a quoted text, $(macro) or a word. */
static size_t operand_length(const char *s)
{
	size_t n = 0;
	int depth = 0;

	if (*s == '"' || *s == '\'') {
		n = 1 + strcspn(s + 1, (char[2]){*s, '\0'});
		return n + (s[n] == *s);
	}
	if (s[0] != '$' || s[1] != '(')
		return strspn(
			s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
	do {
		depth += s[n] == '(';
		depth -= s[n] == ')';
		n += s[n] != '\0';
	} while (s[n] && (depth || n < 2));
	return n;
}

/* The text of an operand; false if it cannot be known here. */
static bool value_of(const struct reader *r, const char *s, size_t n, struct text *out)
{
	char name[128];

	if (memchr(s, '$', n))
		return false;
	if (*s == '"' || *s == '\'') {
		text_add(out, s + 1, n >= 2 ? n - 2 : 0);
		return true;
	}
	if (n >= sizeof name)
		return false;
	memcpy(name, s, n);
	name[n] = '\0';
	/* a number; symbols may start with a digit too */
	if (name[strspn(name, "-0123456789")] == '\0' || strncmp(name, "0x", 2) == 0 ||
		strcmp(name, "y") == 0 || strcmp(name, "m") == 0 || strcmp(name, "n") == 0)
		text_str(out, name);
	else
		text_str(out, r->lookup(r->ctx, name));
	return true;
}

static enum truth as_truth(const char *value)
{
	return strcmp(value, "y") == 0 || strcmp(value, "m") == 0 ? YES : NO;
}

static enum truth compare(const char *sign, const char *left, const char *right)
{
	/* an unset text is empty */
	bool same = strcmp(strcmp(left, "n") == 0 && !*right ? "" : left, right) == 0;

	if (strcmp(sign, "=") == 0)
		return same ? YES : NO;
	return strcmp(sign, "!=") == 0 ? (same ? NO : YES) : UNKNOWN;
}

/* A symbol that is not as it should be: whether it can be set. */
static enum truth set(const struct reader *r, const char *s, size_t n, enum truth truth)
{
	char name[128];

	if (!r->cure || n >= sizeof name || !isalnum((unsigned char)*s))
		return truth;
	memcpy(name, s, n);
	name[n] = '\0';
	return r->cure->set(r->cure->ctx, name) ? CURABLE : truth;
}

/* Does the condition hold as soon as its symbol is y? */
static bool asks_for_y(const char *sign, const char *right)
{
	return !sign || (strcmp(sign, "=") == 0 && strcmp(right, "y") == 0) ||
	       (strcmp(sign, "!=") == 0 && strcmp(right, "n") == 0);
}

static enum truth operand(struct reader *r)
{
	static const char *const signs[] = {"!=", "<=", ">=", "=", "<", ">"};
	struct text left = TEXT_INIT, right = TEXT_INIT;
	const char *sign = NULL, *s;
	enum truth truth = UNKNOWN;
	size_t n, len;
	bool known, part;

	blanks(r);
	s = r->s;
	len = n = operand_length(r->s);
	known = n && value_of(r, r->s, n, &left);
	/* skip what cannot be parsed, so that parsing always ends */
	r->s += n ? n : *r->s != '\0';
	for (size_t i = 0; i < sizeof signs / sizeof signs[0] && !sign; i++)
		if (take(r, signs[i]))
			sign = signs[i];
	if (sign) {
		blanks(r);
		n = operand_length(r->s);
		known = n && value_of(r, r->s, n, &right) && known;
		r->s += n;
	}
	if (known)
		truth = sign ? compare(sign, left.s, right.s) : as_truth(left.s);
	part = r->whole && !sign && strcmp(left.s, "m") == 0;
	if (known && asks_for_y(sign, right.s) && (truth == NO || part))
		truth = r->cure ? set(r, s, len, truth) : NO;
	text_release(&left);
	text_release(&right);
	return truth;
}

static enum truth any(struct reader *r);

static enum truth single(struct reader *r)
{
	enum truth truth;

	blanks(r);
	if (r->depth >= DEEPEST)
		return UNKNOWN;
	if (r->s[0] == '!' && r->s[1] != '=') {
		struct reader inner = *r;

		inner.s++;
		inner.depth++;
		inner.cure = NULL;
		inner.whole = false;
		truth = single(&inner);
		r->s = inner.s;
		return truth == UNKNOWN ? UNKNOWN : truth == YES ? NO : YES;
	}
	if (!take(r, "("))
		return operand(r);
	r->depth++;
	truth = any(r);
	r->depth--;
	take(r, ")");
	return truth;
}

static enum truth all(struct reader *r)
{
	size_t before = mark(r);
	enum truth truth = single(r);

	while (take(r, "&&")) {
		enum truth next = single(r);

		truth = next < truth ? next : truth;
	}
	if (truth != CURABLE)
		back_to(r, before);
	return truth;
}

static enum truth one_of(struct reader *r)
{
	enum truth truth = all(r);

	while (take(r, "||")) {
		size_t before = mark(r);
		enum truth next = all(r);

		/* of several cures the first is taken */
		if (next <= truth)
			back_to(r, before);
		truth = next > truth ? next : truth;
	}
	return truth;
}

/* A cure is looked for only where none of the alternatives holds: "A || A=n" is no reason to set A. */
static enum truth any(struct reader *r)
{
	const struct kconfig_cure *cure = r->cure;
	const char *s = r->s;
	enum truth truth;

	r->cure = NULL;
	truth = one_of(r);
	r->cure = cure;
	if (!cure || truth != NO)
		return truth;
	r->s = s;
	return one_of(r);
}

/* The end of the AND-ed term at s: a "&&" outside parentheses and texts, or the end; with a "||" there it is all one term. */
static size_t term_length(const char *s)
{
	size_t end = strlen(s), first = end;
	int depth = 0;

	for (size_t i = 0; i < end; i++) {
		if (s[i] == '"' || s[i] == '\'') {
			i += operand_length(s + i) - 1;
			continue;
		}
		depth += s[i] == '(';
		depth -= s[i] == ')';
		if (depth == 0 && strncmp(s + i, "||", 2) == 0)
			return end;
		if (depth == 0 && strncmp(s + i, "&&", 2) == 0 && first == end)
			first = i;
	}
	return first;
}

static void trim(const char **s, size_t *n)
{
	while (*n && isspace((unsigned char)**s)) {
		++*s;
		--*n;
	}
	while (*n && isspace((unsigned char)(*s)[*n - 1]))
		--*n;
}

bool kconfig_unmet(
	const char *expression, kconfig_lookup *lookup, const void *ctx, struct text *out)
{
	bool unmet = false;

	while (*expression) {
		size_t n = term_length(expression), rest = n;
		const char *term = expression;
		struct text copy = TEXT_INIT;
		struct reader r = {.lookup = lookup, .ctx = ctx};

		trim(&term, &n);
		text_add(&copy, term, n);
		r.s = copy.s;
		if (n && any(&r) == NO) {
			text_fmt(out, "%s%s", out->len ? ", " : "", copy.s);
			unmet = true;
		}
		text_release(&copy);
		expression += rest;
		expression += strncmp(expression, "&&", 2) == 0 ? 2 : 0;
	}
	return unmet;
}

bool kconfig_curable(const char *expression, kconfig_lookup *lookup, const void *ctx,
	const struct kconfig_cure *cure)
{
	struct reader r = {
		.s = expression, .lookup = lookup, .ctx = ctx, .cure = cure, .whole = cure->whole};

	return any(&r) != NO;
}
