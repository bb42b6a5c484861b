#!/bin/sh
# what GRUB says of its modules for i386-pc
