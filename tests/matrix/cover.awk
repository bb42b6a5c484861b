# SPDX-License-Identifier: GPL-2.0-or-later
# Reads combinations, one a line, words of a line being the values of the axes. Prints some of them, so that every pair of
# values of two axes that occurs in any line occurs in a printed one: always the line with the most pairs still missing.
{
	line[NR] = $0
	for (i = 1; i < NF; i++)
		for (k = i + 1; k <= NF; k++)
			missing[i, $i, k, $k] = 1
}
function gain(text,   word, n, i, k, sum) {
	n = split(text, word)
	sum = 0
	for (i = 1; i < n; i++)
		for (k = i + 1; k <= n; k++)
			sum += ((i, word[i], k, word[k]) in missing)
	return sum
}
function cover(text,   word, n, i, k) {
	n = split(text, word)
	for (i = 1; i < n; i++)
		for (k = i + 1; k <= n; k++)
			delete missing[i, word[i], k, word[k]]
}
END {
	for (;;) {
		most = 0
		for (r = 1; r <= NR; r++)
			if ((now = gain(line[r])) > most) {
				most = now
				best = r
			}
		if (!most)
			break
		print line[best]
		cover(line[best])
	}
}
